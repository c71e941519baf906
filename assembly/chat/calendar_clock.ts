/** The time of the calendar, for stamps and for what ends at a time of day. */
import { Loop } from "../loop/loop";
import { NANOSECONDS_PER_SECOND, realtime } from "../wasi/clock";

export class CalendarClock {
  private seconds: i64 = 0;
  /** The tick in which the clock was read. */
  private tick: u64 = u64.MAX_VALUE;

  constructor(private loop: Loop) {}

  /** Seconds since 1970. The host's clock is read once a tick, so that most lines cost no call. */
  get now(): i64 {
    if (this.tick != this.loop.ticks) {
      this.tick = this.loop.ticks;
      this.seconds = <i64>(realtime() / NANOSECONDS_PER_SECOND);
    }
    return this.seconds;
  }
}
