/** Bounds how often something happens, by a rate and a burst that may change at any time. */
import { TokenBucket } from "./token_bucket";

const SECONDS_PER_HOUR: f64 = 3600;

export class Allowance {
  /** The bucket; null before the first use, when it is full. */
  private bucket: TokenBucket | null = null;

  /**
   * Uses the allowance once.
   *
   * @param rate the uses per second; 0: without a limit
   * @param burst the most uses at once
   * @param now the time in nanoseconds
   * @returns false if it is used up
   */
  use(rate: f64, burst: f64, now: u64): bool {
    if (rate == 0) return true;
    let bucket = this.bucket;
    if (bucket === null) bucket = new TokenBucket(rate, burst, now);
    this.bucket = bucket;
    bucket.configure(rate, burst);
    return bucket.takeToken(now);
  }

  /**
   * Uses the allowance once.
   *
   * @param mostPerHour the most uses in an hour, even all at once; 0: without a limit
   * @param now the time in nanoseconds
   * @returns false if it is used up
   */
  useOnce(mostPerHour: f64, now: u64): bool {
    return this.use(mostPerHour / SECONDS_PER_HOUR, mostPerHour, now);
  }

  /** Returns true if no use counts any more. */
  isFull(now: u64): bool {
    const bucket = this.bucket;
    return bucket === null || bucket.isFull(now);
  }
}
