/**
 * What the loop has done so far, counted always: a few additions a tick, from the two times that
 * the loop knows anyhow, before and after its wait.
 */
import { Histogram } from "./histogram";

const NANOSECONDS_PER_MICROSECOND: u64 = 1000;
/** Times are told apart from 4 us (two to the power of 2) up to 4 s, in 21 buckets. */
const SHORTEST: i32 = 2;
const TIMES: i32 = 21;
/** Ready keys of a tick, from 1 to 1024. */
const READY: i32 = 11;

export class LoopStatistics {
  /** Nanoseconds spent in waiting. */
  waiting: u64 = 0;
  /** Keys that each tick found ready. */
  ready: Histogram = new Histogram(1, 0, READY);
  /** What each tick worked, from the end of its wait to the next one, in nanoseconds. */
  working: Histogram = new Histogram(NANOSECONDS_PER_MICROSECOND, SHORTEST, TIMES);
  /** How late timers were, in nanoseconds. */
  lag: Histogram = new Histogram(NANOSECONDS_PER_MICROSECOND, SHORTEST, TIMES);

  /** When the last wait ended. */
  private awake: u64 = 0;

  /** A wait is over. @param before and @param after in nanoseconds of the loop's clock */
  waited(before: u64, after: u64, readyKeys: i32): void {
    if (this.awake != 0) this.working.add(before - this.awake);
    this.awake = after;
    this.waiting += after - before;
    this.ready.add(readyKeys);
  }
}
