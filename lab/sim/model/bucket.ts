/** So many tokens at once, and so many a second: who finds none has to wait. */
import { SECOND_NS } from "../../world/world.js";

export class Bucket {
  #tokens: number;

  constructor(
    private rate: number,
    private burst: number,
    private at: number,
  ) {
    this.#tokens = burst;
  }

  /** It is what the settings say now. Who had taken nothing has taken nothing. */
  follow(rate: number, burst: number): this {
    if (rate === this.rate && burst === this.burst) return this;
    this.#tokens = this.#tokens === this.burst ? burst : Math.min(this.#tokens, burst);
    this.rate = rate;
    this.burst = burst;
    return this;
  }

  /** The tokens that there are. */
  #tokensAt(now: number): number {
    const seconds = Math.max(0, now - this.at) / SECOND_NS;
    return Math.min(this.burst, this.#tokens + seconds * this.rate);
  }

  /** Seconds until there is one. */
  wait(now: number): number {
    const tokens = this.#tokensAt(now);
    return tokens >= 1 ? 0 : (1 - tokens) / this.rate;
  }

  take(now: number): void {
    const tokens = this.#tokensAt(now);
    if (tokens < 1) return;
    this.#tokens = tokens - 1;
    this.at = Math.max(this.at, now);
  }

  /** Takes so many, also those that are not there yet. */
  pay(now: number, tokens: number): void {
    this.#tokens = this.#tokensAt(now) - tokens;
    this.at = Math.max(this.at, now);
  }

  isFull(now: number): boolean {
    return this.#tokensAt(now) >= this.burst;
  }

  isHalfFull(now: number): boolean {
    return this.#tokensAt(now) >= this.burst / 2;
  }
}
