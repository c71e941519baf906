/**
 * How fast the lines of one connection are dealt with, for itself and together with all others
 * from its address. Who sends more is not cut off: what is too much waits, first here, then in the
 * kernel, and then the sender itself has to.
 */
import { Loop, Task, Timer } from "../loop/loop";
import { NANOSECONDS_PER_SECOND } from "../wasi/clock";
import { ConnectionLimits } from "./connection_limits";
import { Origin } from "./origin";
import { stopped } from "./time_is_up";
import { TokenBucket } from "./token_bucket";

const NOT_WAITING: u64 = u64.MAX_VALUE;

/** Whoever waits for its turn. */
export interface Paced {
  takeTurn(): void;
}

/** Who is told that a flood begins. */
export enum Flood {
  /** Nobody: it goes on. */
  NONE = 0,
  /** This connection sends too much. */
  OWN = 1,
  /** All from its address do together. */
  SHARED = 2,
}

export class Pace {
  private bucket: TokenBucket;
  private timer: Timer | null = null;
  /** Until it reads again, for the sake of others. */
  private restTimer: Timer | null = null;
  private isInQueue: bool = false;
  /** When the present flood began, in nanoseconds. */
  private since: u64 = NOT_WAITING;
  private origin: Origin | null = null;

  /** For its origin alone: lines of which flood, and of which it has been told. */
  _lines: u32 = 0;
  _flood: u32 = 0;
  _told: u32 = 0;

  constructor(
    private loop: Loop,
    private limits: ConnectionLimits,
    private paced: Paced,
  ) {
    this.bucket = new TokenBucket(limits.rate, limits.burst, loop.now);
  }

  /** From now on, the others from there count as well. */
  share(origin: Origin): void {
    this.origin = origin;
    origin.join();
  }

  /** Shares no more. @returns what was shared, and counts this one still */
  unshare(): Origin | null {
    const origin = this.origin;
    this.origin = null;
    return origin;
  }

  /** Whether there is a bound at all. */
  get isBounded(): bool {
    const origin = this.origin;
    return this.limits.rate > 0 || (origin !== null && origin.isBounded);
  }

  /** Whether a line may be dealt with now. */
  get hasTurn(): bool {
    if (this.ownWait() > 0) return false;
    const origin = this.origin;
    return origin === null || origin.hasTurn(this);
  }

  get isWaiting(): bool {
    return this.isQueued || this.restTimer !== null;
  }

  /** Whether a turn will come, so that there is none to ask for. */
  get isQueued(): bool {
    return this.timer !== null || this.isInQueue;
  }

  /** Whether the present flood has been going on for longer than allowed. */
  get isOverdue(): bool {
    const origin = this.origin;
    if (origin !== null && origin.isOverdue(this)) return true;
    if (this.since == NOT_WAITING) return false;
    const most = this.limits.floodSeconds * <f64>NANOSECONDS_PER_SECOND;
    return <f64>(this.loop.now - this.since) > most;
  }

  /** A line is dealt with. A flood is over once the bucket has been half full again. */
  spend(): void {
    const origin = this.origin;
    if (origin !== null) origin.spend(this);
    if (this.limits.rate == 0) return;
    const bucket = this.tokens();
    if (bucket.isHalfFull(this.loop.now)) this.since = NOT_WAITING;
    bucket.take(this.loop.now);
  }

  /** Sees to a turn when there is one. @returns whether a flood begins here */
  wait(): Flood {
    const origin = this.origin;
    const seconds = this.ownWait();
    if (seconds == 0 && origin !== null) {
      this.isInQueue = true;
      return origin.wait(this) ? Flood.SHARED : Flood.NONE;
    }
    this.timer = this.loop.callLater(seconds, new Turn(this, false));
    if (this.since != NOT_WAITING) return Flood.NONE;
    this.since = this.loop.now;
    return Flood.OWN;
  }

  /** Reads nothing for a while. */
  rest(seconds: f64): void {
    if (this.restTimer === null) {
      this.restTimer = this.loop.callLater(seconds, new Turn(this, true));
    }
  }

  cancel(): void {
    this.timer = stopped(this.timer);
    this.restTimer = stopped(this.restTimer);
    this.isInQueue = false;
  }

  _turn(isRested: bool): void {
    if (isRested) this.restTimer = null;
    else this.timer = null;
    if (!this.isWaiting) this.paced.takeTurn();
  }

  /** Its origin has a turn for it. */
  _called(): void {
    if (!this.isInQueue) return;
    this.isInQueue = false;
    if (!this.isWaiting) this.paced.takeTurn();
  }

  /** Seconds until its own bucket has a token. */
  private ownWait(): f64 {
    return this.limits.rate > 0 ? this.tokens().wait(this.loop.now) : 0;
  }

  private tokens(): TokenBucket {
    this.bucket.change(this.limits.rate, this.limits.burst);
    return this.bucket;
  }
}

class Turn extends Task {
  constructor(
    private pace: Pace,
    private isRested: bool,
  ) {
    super();
  }

  run(): void {
    this.pace._turn(this.isRested);
  }
}
