/** The time of the calendar, for stamps and for what ends at a time of day. */
import { Loop } from "../loop/loop";
import { realtime } from "../wasi/clock";

export const MILLISECONDS_PER_SECOND: i64 = 1000;
const NANOSECONDS_PER_MILLISECOND: u64 = 1_000_000;
const NANOSECONDS_PER_MICROSECOND: u64 = 1000;

export class CalendarClock {
  private read: i64 = 0;
  /** The tick in which the clock was read. */
  private tick: u64 = u64.MAX_VALUE;

  constructor(private loop: Loop) {}

  /**
   * Milliseconds since 1970. The host's clock is read once a tick, so that most lines cost no call.
   */
  get milliseconds(): i64 {
    if (this.tick != this.loop.ticks) {
      this.tick = this.loop.ticks;
      this.read = <i64>(realtime() / NANOSECONDS_PER_MILLISECOND);
    }
    return this.read;
  }

  /** Seconds since 1970. */
  get now(): i64 {
    return this.milliseconds / MILLISECONDS_PER_SECOND;
  }
}

/**
 * A new epoch: microseconds since 1970, now. It is exact in a double. Two servers, or two starts of
 * one, have the same epoch only if they begin in the same microsecond.
 */
export function newEpoch(): u64 {
  return realtime() / NANOSECONDS_PER_MICROSECOND;
}
