/**
 * How fast the lines of one connection are dealt with. Who sends more is not cut off: what is too
 * much waits, first here, then in the kernel, and then the sender itself has to.
 */
import { Loop, Task, Timer } from "../loop/loop";
import { ConnectionLimits } from "./connection_limits";
import { TokenBucket } from "./token_bucket";
import { NANOSECONDS_PER_SECOND } from "../wasi/clock";

const NOT_WAITING: u64 = u64.MAX_VALUE;

/** Whoever waits for its turn. */
export interface Paced {
  takeTurn(): void;
}

export class Pace {
  private filling: TokenBucket;
  private timer: Timer | null = null;
  /** When the present flood began, in nanoseconds. */
  private since: u64 = NOT_WAITING;

  constructor(
    private loop: Loop,
    private limits: ConnectionLimits,
    private paced: Paced,
  ) {
    this.filling = new TokenBucket(limits.rate, limits.burst, loop.now);
  }

  /** Whether there is a bound at all. */
  get isBounded(): bool {
    return this.limits.rate > 0;
  }

  /** Whether a line may be dealt with now. */
  get hasTurn(): bool {
    return !this.isBounded || this.bucket.wait(this.loop.now) == 0;
  }

  /** With the bounds that hold now: they may have been changed. */
  private get bucket(): TokenBucket {
    this.filling.rate = this.limits.rate;
    this.filling.burst = this.limits.burst;
    return this.filling;
  }

  get isWaiting(): bool {
    return this.timer !== null;
  }

  /** Whether the present flood has been going on for longer than allowed. */
  get isOverdue(): bool {
    if (this.since == NOT_WAITING) return false;
    const most = this.limits.floodSeconds * <f64>NANOSECONDS_PER_SECOND;
    return <f64>(this.loop.now - this.since) > most;
  }

  /** A line is dealt with. A flood is over once the bucket has been half full again. */
  spend(): void {
    if (!this.isBounded) return;
    if (this.bucket.isHalfFull(this.loop.now)) this.since = NOT_WAITING;
    this.bucket.take(this.loop.now);
  }

  /** Sees to a turn when there is one. @returns whether a flood begins here */
  wait(): bool {
    this.timer = this.loop.callLater(this.bucket.wait(this.loop.now), new Turn(this));
    if (this.since != NOT_WAITING) return false;
    this.since = this.loop.now;
    return true;
  }

  cancel(): void {
    const timer = this.timer;
    if (timer !== null) timer.cancel();
    this.timer = null;
  }

  _turn(): void {
    this.timer = null;
    this.paced.takeTurn();
  }
}

class Turn extends Task {
  constructor(private pace: Pace) {
    super();
  }

  run(): void {
    this.pace._turn();
  }
}
