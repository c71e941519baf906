/** How fast the lines of one client may be dealt with: so many a second, and so many at once. */
import { SECOND_NS } from "../../world/world.js";
import { Bucket } from "./bucket.js";
import type { ChatSettings } from "./settings.js";

export class Pace {
  readonly #bucket: Bucket;
  /** When the present flood began. */
  floodSince: number | undefined;

  constructor(
    private readonly settings: ChatSettings,
    now: number,
  ) {
    this.#bucket = new Bucket(settings.rate, settings.burst, now);
  }

  get #tokens(): Bucket {
    return this.#bucket.follow(this.settings.rate, this.settings.burst);
  }

  /** Until there is a turn, in seconds. */
  wait(now: number): number {
    return this.settings.rate === 0 ? 0 : this.#tokens.wait(now);
  }

  /** A line is dealt with. A flood is over once half of a burst may come again. */
  spend(now: number): void {
    if (this.settings.rate === 0) return;
    if (this.#tokens.isHalfFull(now)) this.floodSince = undefined;
    this.#tokens.take(now);
  }

  charge(now: number, lines: number): void {
    if (this.settings.rate > 0) this.#tokens.pay(now, lines);
  }

  isOverdue(now: number): boolean {
    const { floodSeconds } = this.settings;
    return this.floodSince !== undefined && now - this.floodSince > floodSeconds * SECOND_NS;
  }
}
