/** Gets the guest's statistics through the control channel, at most once a second. */
import { type ControlChannel, Unanswered } from "../control/channel.js";
import { type Family, familiesOf } from "./families.js";
import type { GuestStatistics } from "./guest_statistics.js";
import { Totals } from "./totals.js";

/** The time for which an answer is reused, in milliseconds. */
export const FRESH_MS = 1_000;
/** The timeout for the guest's answer, in milliseconds. */
export const GUEST_WAIT_MS = 2_000;

export interface Snapshot {
  /** The guest's statistics; absent if there are none. */
  guest?: GuestStatistics;
  /** The reason why there are no statistics. */
  error?: string;
  /** The guest's gauges (only if it answered), and the counters of all guests so far. */
  families: readonly Family[];
}

/** Reads and caches the statistics. They include the counters of earlier guests. */
export class StatisticsSource {
  readonly #totals = new Totals();
  #current: Promise<Snapshot> | undefined;
  #at = 0;

  constructor(private readonly channel: ControlChannel) {}

  /** The number of times the guest was started again. */
  get restarts(): number {
    return Math.max(0, this.channel.guests - 1);
  }

  /**
   * Returns the current statistics, at most FRESH_MS old. A guest that does not answer is reported
   * in the snapshot.
   */
  async read(): Promise<Snapshot> {
    const now = performance.now();
    if (this.#current === undefined || now - this.#at > FRESH_MS) {
      this.#at = now;
      this.#current = this.#ask();
    }
    return this.#current;
  }

  async #ask(): Promise<Snapshot> {
    const { channel } = this;
    if (!channel.isAttached) return this.#without("no module runs");
    try {
      const { stats } = await channel.ask("stats", GUEST_WAIT_MS);
      if (stats === undefined) return this.#without("the module knows no statistics");
      const guest = stats as GuestStatistics;
      const families = familiesOf(guest);
      this.#totals.update(channel.guests, families);
      const gauges = families.filter(({ type }) => type === "gauge");
      return { guest, families: [...gauges, ...this.#totals.families] };
    } catch (error) {
      if (error instanceof Unanswered) return this.#without(error.message);
      throw error;
    }
  }

  #without(error: string): Snapshot {
    return { error, families: this.#totals.families };
  }
}
