/** A token bucket: `rate` tokens a second, at most `burst` of them. */
import { SECOND_NS } from "../../world/world.js";

export class TokenBucket {
  #tokens: number;

  constructor(
    private rate: number,
    private burst: number,
    private at: number,
  ) {
    this.#tokens = burst;
  }

  /** Limits the number of tokens now. */
  limitTo(tokens: number): void {
    this.#tokens = Math.min(this.#tokens, tokens);
  }

  /** Adopts changed settings. A full bucket stays full. */
  follow(rate: number, burst: number): this {
    if (rate === this.rate && burst === this.burst) return this;
    this.#tokens = this.#tokens === this.burst ? burst : Math.min(this.#tokens, burst);
    this.rate = rate;
    this.burst = burst;
    return this;
  }

  /** Returns the number of tokens at a time. */
  tokensAt(now: number): number {
    const seconds = Math.max(0, now - this.at) / SECOND_NS;
    return Math.min(this.burst, this.#tokens + seconds * this.rate);
  }

  /** Returns the seconds until there is a token; 0 if there is one. */
  wait(now: number): number {
    const tokens = this.tokensAt(now);
    return tokens >= 1 ? 0 : (1 - tokens) / this.rate;
  }

  take(now: number): void {
    const tokens = this.tokensAt(now);
    if (tokens < 1) return;
    this.#tokens = tokens - 1;
    this.at = Math.max(this.at, now);
  }

  /** Takes a number of tokens; the bucket may go below zero. */
  pay(now: number, tokens: number): void {
    this.#tokens = this.tokensAt(now) - tokens;
    this.at = Math.max(this.at, now);
  }

  isFull(now: number): boolean {
    return this.tokensAt(now) >= this.burst;
  }

  isHalfFull(now: number): boolean {
    return this.tokensAt(now) >= this.burst / 2;
  }
}
