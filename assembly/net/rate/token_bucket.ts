/**
 * How much somebody may do in a time: a bucket that holds so many tokens, is full at first, and is
 * refilled steadily. Who finds it empty waits. Its size and its rate can be changed at any time.
 */
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";

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
    const tokens = this.at(now);
    if (tokens < 1) return false;
    this.tokens = tokens - 1;
    this.now = max(this.now, now);
    return true;
  }

  /** Takes so many tokens, also those that are not there yet. */
  pay(now: u64, tokens: f64): void {
    this.tokens = this.at(now) - tokens;
    this.now = max(this.now, now);
  }

  isFull(now: u64): bool {
    return this.at(now) >= this.burst;
  }

  isHalfFull(now: u64): bool {
    return this.at(now) >= this.burst / 2;
  }

  /** Seconds until there is a token; 0 if there is one. */
  wait(now: u64): f64 {
    const tokens = this.at(now);
    return tokens >= 1 ? 0 : (1 - tokens) / this.rate;
  }

  /** The tokens that there are. To look changes nothing: who looks more often finds the same. */
  private at(now: u64): f64 {
    if (now <= this.now) return this.tokens;
    const seconds = <f64>(now - this.now) / <f64>NANOSECONDS_PER_SECOND;
    return min(this.burst, this.tokens + seconds * this.rate);
  }
}
