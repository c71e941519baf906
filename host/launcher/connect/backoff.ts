/** How long to wait before the next attempt to connect. */

const FIRST_WAIT_MS = 1_000;
export const WAIT_MOST_MS = 60_000;
/** A connection that has lasted so long is a success; a shorter one is another failure. */
export const LASTING_MS = 30_000;

export class Backoff {
  #failures = 0;

  /**
   * @param lastedMs how long the connection was there; 0 if there was none
   * @param random from 0 to 1: clients that were closed together do not come back together
   * @returns milliseconds
   */
  next(lastedMs: number, random = Math.random()): number {
    if (lastedMs >= LASTING_MS) this.#failures = 0;
    const wait = Math.min(WAIT_MOST_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 10);
    return wait * (0.5 + random / 2);
  }
}
