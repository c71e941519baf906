/** How fast the lines of one client are dealt with: so many a second, and so many at once. */
import { SECOND_NS } from "../../wasi/virtual/world.js";
import type { ChatSettings } from "./settings.js";

export class Pace {
  #tokens: number;
  /** When the present flood began. */
  #floodSince: number | undefined;

  constructor(
    private readonly settings: ChatSettings,
    private at: number,
  ) {
    this.#tokens = settings.burst;
  }

  #refill(now: number): void {
    if (now <= this.at) return;
    const { rate, burst } = this.settings;
    const seconds = (now - this.at) / SECOND_NS;
    this.#tokens = Math.min(burst, this.#tokens + seconds * rate);
    this.at = now;
  }

  hasTurn(now: number): boolean {
    if (this.settings.rate === 0) return true;
    this.#refill(now);
    return this.#tokens >= 1;
  }

  /** A line is dealt with. A flood is over once half of a burst may come again. */
  spend(now: number): void {
    if (this.settings.rate === 0) return;
    this.#refill(now);
    if (this.#tokens >= this.settings.burst / 2) this.#floodSince = undefined;
    if (this.#tokens >= 1) this.#tokens--;
  }

  isOverdue(now: number): boolean {
    const { floodSeconds } = this.settings;
    return this.#floodSince !== undefined && now - this.#floodSince > floodSeconds * SECOND_NS;
  }

  /** @returns whether a flood begins here */
  beginsFlood(now: number): boolean {
    const begins = this.#floodSince === undefined;
    this.#floodSince ??= now;
    return begins;
  }

  /** Until there is a turn, in seconds. */
  get wait(): number {
    return (1 - this.#tokens) / this.settings.rate;
  }
}
