/** The wait before the next attempt to connect: it doubles with each failure, up to a minute. */

const FIRST_WAIT_MS = 1_000;
export const WAIT_MOST_MS = 60_000;
/**
 * A connection that has lasted for this time counts as a success; a shorter one counts as a
 * failure.
 */
export const LASTING_MS = 30_000;

export class Backoff {
  #failures = 0;

  /**
   * Returns the time to wait before the next attempt, in milliseconds.
   *
   * @param lastedMs the time that the last connection lasted; 0 if there was none
   * @param random from 0 to 1, so that clients that were closed together come back at different
   *   times
   */
  next(lastedMs: number, random = Math.random()): number {
    if (lastedMs >= LASTING_MS) this.#failures = 0;
    const wait = Math.min(WAIT_MOST_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 10);
    return wait * (0.5 + random / 2);
  }
}
