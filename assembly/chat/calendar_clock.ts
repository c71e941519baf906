/** The calendar time, for message stamps and for bans and mutes that end. */
import { Loop } from "../loop/loop";
import { realtime } from "../wasi/clock";

export const MILLISECONDS_PER_SECOND: i64 = 1000;
const NANOSECONDS_PER_MILLISECOND: u64 = 1_000_000;
const NANOSECONDS_PER_MICROSECOND: u64 = 1000;

export class CalendarClock {
  private read: i64 = 0;
  /** The tick of the last reading. */
  private tick: u64 = u64.MAX_VALUE;

  constructor(private loop: Loop) {}

  /** Returns the milliseconds since 1970. It reads the host's clock at most once in each tick. */
  get milliseconds(): i64 {
    if (this.tick != this.loop.ticks) {
      this.tick = this.loop.ticks;
      this.read = <i64>(realtime() / NANOSECONDS_PER_MILLISECOND);
    }
    return this.read;
  }

  /** Returns the seconds since 1970. */
  get now(): i64 {
    return this.milliseconds / MILLISECONDS_PER_SECOND;
  }
}

/**
 * Returns a new epoch: the microseconds since 1970, which a double represents exactly. Two servers,
 * or two starts of one, have the same epoch only if they start in the same microsecond.
 */
export function newEpoch(): u64 {
  return realtime() / NANOSECONDS_PER_MICROSECOND;
}
