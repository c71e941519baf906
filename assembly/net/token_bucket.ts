/**
 * How much somebody may do in a time: a bucket that holds so many tokens, is full at first, and is
 * refilled steadily. Who finds it empty waits. Its size and its rate can be changed at any time.
 */
import { NANOSECONDS_PER_SECOND } from "../wasi/clock";

export class TokenBucket {
  private tokens: f64;

  /**
   * @param rate tokens a second
   * @param burst tokens that it holds
   * @param now in nanoseconds, of any clock that does not go back
   */
  constructor(
    private rate: f64,
    private burst: f64,
    private now: u64,
  ) {
    this.tokens = burst;
  }

  /** From now on it is refilled at another rate, and holds another number. */
  change(rate: f64, burst: f64): void {
    if (rate == this.rate && burst == this.burst) return;
    // Who had taken nothing has taken nothing.
    this.tokens = this.tokens == this.burst ? burst : min(this.tokens, burst);
    this.rate = rate;
    this.burst = burst;
  }

  /** Takes a token. @returns false if there is none */
  take(now: u64): bool {
    this.refill(now);
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  isFull(now: u64): bool {
    this.refill(now);
    return this.tokens >= this.burst;
  }

  isHalfFull(now: u64): bool {
    this.refill(now);
    return this.tokens >= this.burst / 2;
  }

  /** Seconds until there is a token; 0 if there is one. */
  wait(now: u64): f64 {
    this.refill(now);
    return this.tokens >= 1 ? 0 : (1 - this.tokens) / this.rate;
  }

  private refill(now: u64): void {
    if (now <= this.now) return;
    const seconds = <f64>(now - this.now) / <f64>NANOSECONDS_PER_SECOND;
    this.tokens = min(this.burst, this.tokens + seconds * this.rate);
    this.now = now;
  }
}
