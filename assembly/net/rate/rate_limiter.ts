/**
 * How fast the lines of one connection are dealt with, for itself and together with all others
 * from its address. Who sends more is not cut off: what is too much waits, first here, then in the
 * kernel, and then the sender itself has to.
 */
import { cancelTimer, Loop, Task, Timer } from "../../loop/loop";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { ConnectionLimits } from "../connection/connection_limits";
import { AddressLimiter, AddressShare } from "./address_limiter";
import { TokenBucket } from "./token_bucket";

const NOT_WAITING: u64 = u64.MAX_VALUE;

/** Whoever waits for its turn. */
export interface RateLimited {
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

export class RateLimiter extends AddressShare {
  private bucket: TokenBucket;
  private timer: Timer | null = null;
  /** Until it reads again, for the sake of others. */
  private throttleTimer: Timer | null = null;
  private isInQueue: bool = false;
  /** When the present flood began, in nanoseconds. */
  private since: u64 = NOT_WAITING;
  private addressLimiter: AddressLimiter | null = null;

  constructor(
    private loop: Loop,
    private limits: ConnectionLimits,
    private limited: RateLimited,
  ) {
    super();
    this.bucket = new TokenBucket(limits.rate, limits.burst, loop.now);
  }

  /** From now on, the others from there count as well. */
  share(addressLimiter: AddressLimiter): void {
    this.addressLimiter = addressLimiter;
    addressLimiter.join();
  }

  /** Shares no more. @returns what was shared, and counts this one still */
  unshare(): AddressLimiter | null {
    const addressLimiter = this.addressLimiter;
    this.addressLimiter = null;
    return addressLimiter;
  }

  /** Whether there is a bound at all. */
  get isBounded(): bool {
    const addressLimiter = this.addressLimiter;
    return this.limits.rate > 0 || (addressLimiter !== null && addressLimiter.isBounded);
  }

  /** Whether a line may be dealt with now. */
  get hasTurn(): bool {
    if (this.ownWait() > 0) return false;
    const addressLimiter = this.addressLimiter;
    return addressLimiter === null || addressLimiter.hasTurn(this);
  }

  get isWaiting(): bool {
    return this.isQueued || this.throttleTimer !== null;
  }

  /** Whether a turn will come, so that there is none to ask for. */
  get isQueued(): bool {
    return this.timer !== null || this.isInQueue;
  }

  /** Whether the present flood has been going on for longer than allowed. */
  get isOverdue(): bool {
    const addressLimiter = this.addressLimiter;
    if (addressLimiter !== null && addressLimiter.isOverdue(this)) return true;
    if (this.since == NOT_WAITING) return false;
    const most = this.limits.floodSeconds * <f64>NANOSECONDS_PER_SECOND;
    return <f64>(this.loop.now - this.since) > most;
  }

  /** A line is dealt with. A flood is over once the bucket has been half full again. */
  spend(): void {
    const addressLimiter = this.addressLimiter;
    if (addressLimiter !== null) addressLimiter.spend(this);
    if (this.limits.rate == 0) return;
    const bucket = this.tokens();
    if (bucket.isHalfFull(this.loop.now)) this.since = NOT_WAITING;
    bucket.take(this.loop.now);
  }

  /** The line that is dealt with costs so many lines more: it was long, or its answer is. */
  charge(lines: u32): void {
    const addressLimiter = this.addressLimiter;
    if (addressLimiter !== null) addressLimiter.charge(this, lines);
    if (this.limits.rate > 0) this.tokens().pay(this.loop.now, lines);
  }

  /** Sees to a turn when there is one. @returns whether a flood begins here */
  wait(): Flood {
    const addressLimiter = this.addressLimiter;
    const seconds = this.ownWait();
    if (seconds == 0 && addressLimiter !== null) {
      this.isInQueue = true;
      return addressLimiter.wait(this) ? Flood.SHARED : Flood.NONE;
    }
    this.timer = this.loop.callLater(seconds, new Turn(this, false));
    if (this.since != NOT_WAITING) return Flood.NONE;
    this.since = this.loop.now;
    return Flood.OWN;
  }

  /** Reads nothing for a while. */
  rest(seconds: f64): void {
    if (this.throttleTimer === null) {
      this.throttleTimer = this.loop.callLater(seconds, new Turn(this, true));
    }
  }

  cancel(): void {
    this.timer = cancelTimer(this.timer);
    this.throttleTimer = cancelTimer(this.throttleTimer);
    this.isInQueue = false;
  }

  _turn(isRecovered: bool): void {
    if (isRecovered) this.throttleTimer = null;
    else this.timer = null;
    if (!this.isWaiting) this.limited.takeTurn();
  }

  /** Its origin has a turn for it. */
  _called(): void {
    if (!this.isInQueue) return;
    this.isInQueue = false;
    if (!this.isWaiting) this.limited.takeTurn();
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
    private limiter: RateLimiter,
    private isRecovered: bool,
  ) {
    super();
  }

  run(): void {
    this.limiter._turn(this.isRecovered);
  }
}
