/**
 * Decides when a guest that died is started again.
 *
 * A guest that served for a while and died is started at once: its clients wait in the backlog.
 * Early deaths in a row are followed by ever longer waits. The launcher gives up only if no guest
 * of this run has ever served. Otherwise a client that can crash the guest could end the server.
 */

/**
 * The uptime in milliseconds from which a guest counts as having served. A shorter life is an early
 * death.
 */
export const EARLY_DEATH_MS = 1_000;
/**
 * The number of consecutive early deaths after which the launcher gives up a module that has never
 * served.
 */
export const EARLY_DEATHS_MAX = 8;
/**
 * The wait before the second restart, in milliseconds. The first restart is immediate; each further
 * wait is twice as long as the one before.
 */
export const BACKOFF_FIRST_MS = 100;
/** The longest wait for a module that has never served, in milliseconds. */
export const BACKOFF_MAX_MS = 2_000;
/** The longest wait for a module that has served, in milliseconds. */
export const SERVED_BACKOFF_MAX_MS = 30_000;

export type Decision = { restartInMs: number } | "give up";

/** The restarts of one module. It counts early deaths. */
export class RestartPolicy {
  #earlyDeaths = 0;
  #hasServed = false;

  get earlyDeaths(): number {
    return this.#earlyDeaths;
  }

  /** Decides what follows a death. @param uptimeMs the guest's uptime in milliseconds */
  died(uptimeMs: number): Decision {
    if (uptimeMs >= EARLY_DEATH_MS) {
      this.#hasServed = true;
      this.#earlyDeaths = 0;
      return { restartInMs: 0 };
    }
    this.#earlyDeaths += 1;
    if (this.#earlyDeaths >= EARLY_DEATHS_MAX && !this.#hasServed) return "give up";
    if (this.#earlyDeaths === 1) return { restartInMs: 0 };
    const longest = this.#hasServed ? SERVED_BACKOFF_MAX_MS : BACKOFF_MAX_MS;
    const wait = BACKOFF_FIRST_MS * 2 ** (this.#earlyDeaths - 2);
    return { restartInMs: Math.min(wait, longest) };
  }
}
