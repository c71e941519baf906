/** The rate limit of one client: a token bucket with a token for each line. */
import { SECOND_NS } from "../../world/world.js";
import { TokenBucket } from "./token_bucket.js";
import type { ChatSettings } from "./settings.js";

export class RateLimiter {
  readonly #bucket: TokenBucket;
  /** The time when the present flood began, in nanoseconds. */
  floodSince: number | undefined;

  constructor(
    private readonly settings: ChatSettings,
    now: number,
  ) {
    this.#bucket = new TokenBucket(settings.rate, settings.burst, now);
    this.#bucket.limitTo(settings.firstBurst);
  }

  get #tokens(): TokenBucket {
    return this.#bucket.follow(this.settings.rate, this.settings.burst);
  }

  /** Returns the seconds until the next line is allowed; 0 if it is allowed now. */
  wait(now: number): number {
    return this.settings.rate === 0 ? 0 : this.#tokens.wait(now);
  }

  /** Charges one line. A flood ends once half of the burst is free again. */
  spend(now: number): void {
    if (this.settings.rate === 0) return;
    if (this.#tokens.isHalfFull(now)) this.floodSince = undefined;
    this.#tokens.take(now);
  }

  charge(now: number, lines: number): void {
    if (this.settings.rate > 0) this.#tokens.pay(now, lines);
  }

  mustCloseForFlood(now: number): boolean {
    const { floodSeconds } = this.settings;
    return this.floodSince !== undefined && now - this.floodSince > floodSeconds * SECOND_NS;
  }
}
