/**
 * Statistics of the loop. They are always on: a tick costs a few additions, and uses the two clock
 * readings that the loop takes anyway, before and after its wait.
 */
import { Histogram } from "./histogram";

const NANOSECONDS_PER_MICROSECOND: u64 = 1000;
/** Histograms of times have 21 buckets from 4 us (2^2) to 4 s. */
const SHORTEST: i32 = 2;
const TIMES: i32 = 21;
/** The histogram of ready keys has 11 buckets from 1 to 1024. */
const READY: i32 = 11;

export class LoopStatistics {
  /** The total time of all waits, in nanoseconds. */
  waiting: u64 = 0;
  /** The number of ready keys of each tick. */
  ready: Histogram = new Histogram(1, 0, READY);
  /** The time from the end of each wait to the next wait, in nanoseconds. */
  working: Histogram = new Histogram(NANOSECONDS_PER_MICROSECOND, SHORTEST, TIMES);
  /** The delay of each timer after its deadline, in nanoseconds. */
  lag: Histogram = new Histogram(NANOSECONDS_PER_MICROSECOND, SHORTEST, TIMES);

  /** The time when the last wait ended, in nanoseconds of the loop's clock. */
  private awake: u64 = 0;

  /**
   * Counts a wait.
   *
   * @param before its begin, in nanoseconds of the loop's clock
   * @param after its end, on the same clock
   * @param readyKeys the number of keys that it found ready
   */
  waited(before: u64, after: u64, readyKeys: i32): void {
    if (this.awake != 0) this.working.add(before - this.awake);
    this.awake = after;
    this.waiting += after - before;
    this.ready.add(readyKeys);
  }
}
