/**
 * A token bucket. It is full at first, and is refilled at a steady rate up to its capacity. Rate
 * and capacity can be changed at any time.
 */
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";

export class TokenBucket {
  private tokens: f64;

  /**
   * @param rate tokens per second
   * @param burst the capacity in tokens
   * @param now the time in nanoseconds, of any clock that does not go back
   */
  constructor(
    private rate: f64,
    private burst: f64,
    private now: u64,
  ) {
    this.tokens = burst;
  }

  /** Limits the number of tokens now. */
  limitTo(tokens: f64): void {
    this.tokens = min(this.tokens, tokens);
  }

  /** Changes the rate and the capacity. */
  configure(rate: f64, burst: f64): void {
    if (rate == this.rate && burst == this.burst) return;
    // A full bucket stays full.
    this.tokens = this.tokens == this.burst ? burst : min(this.tokens, burst);
    this.rate = rate;
    this.burst = burst;
  }

  /** Takes a token. @returns false if there is none */
  takeToken(now: u64): bool {
    const tokens = this.tokensAt(now);
    if (tokens < 1) return false;
    this.tokens = tokens - 1;
    this.now = max(this.now, now);
    return true;
  }

  /** Takes tokens, even if there are not enough: the number may become negative. */
  takeTokens(now: u64, tokens: f64): void {
    this.tokens = this.tokensAt(now) - tokens;
    this.now = max(this.now, now);
  }

  isFull(now: u64): bool {
    return this.tokensAt(now) >= this.burst;
  }

  isHalfFull(now: u64): bool {
    return this.tokensAt(now) >= this.burst / 2;
  }

  /** Returns the seconds until there is a token; 0 if there is one. */
  secondsUntilToken(now: u64): f64 {
    const tokens = this.tokensAt(now);
    return tokens >= 1 ? 0 : (1 - tokens) / this.rate;
  }

  /**
   * Returns the number of tokens. It changes nothing, so that the result does not depend on the
   * number of queries.
   */
  tokensAt(now: u64): f64 {
    if (now <= this.now) return this.tokens;
    const seconds = <f64>(now - this.now) / <f64>NANOSECONDS_PER_SECOND;
    return min(this.burst, this.tokens + seconds * this.rate);
  }
}
