/**
 * When a guest that died is started again, and when not any more.
 *
 * A guest that served for a while and died is started at once: its clients are waiting in the
 * backlog. One that keeps dying young is started after ever longer waits, and in the end given up.
 */

/** A guest that lived at least this long did serve; its death says nothing about the next one. */
export const EARLY_DEATH_MS = 1_000;
/** So many early deaths in a row, and the next start would be no better. */
export const EARLY_DEATHS_MAX = 8;
/**
 * The first restart is immediate, the second waits this long, every further one twice as long as
 * the one before.
 */
export const BACKOFF_FIRST_MS = 100;
export const BACKOFF_MAX_MS = 2_000;

export type Decision = { restartInMs: number } | "give up";

export class RestartPolicy {
  #earlyDeaths = 0;

  get earlyDeaths(): number {
    return this.#earlyDeaths;
  }

  died(uptimeMs: number): Decision {
    if (uptimeMs >= EARLY_DEATH_MS) {
      this.#earlyDeaths = 0;
      return { restartInMs: 0 };
    }
    this.#earlyDeaths += 1;
    if (this.#earlyDeaths >= EARLY_DEATHS_MAX) return "give up";
    if (this.#earlyDeaths === 1) return { restartInMs: 0 };
    return {
      restartInMs: Math.min(BACKOFF_FIRST_MS * 2 ** (this.#earlyDeaths - 2), BACKOFF_MAX_MS),
    };
  }
}
