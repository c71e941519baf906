/**
 * Decides when the host completes operations that could complete at once. A real host works in its
 * own threads, so a component must be correct in any order; here the order is drawn from the
 * world's seed.
 */
import type { Random } from "../random.js";

export interface Pace {
  /** Returns true if a call is answered with "blocked" although it could be done. */
  isLate(): boolean;
  /** Returns true if the host completes more operations before the component runs again. */
  goesOn(): boolean;
  /** Returns the index of what comes first; real hosts deliver the lowest handle's event. */
  first(count: number): number;
}

/** Completes everything that can be completed, in order. */
export const PROMPT: Pace = { isLate: () => false, goesOn: () => true, first: () => 0 };

export class DrawnPace implements Pace {
  readonly #late: number;
  readonly #more: number;

  /** @param inOrder true if events come in the order of real hosts */
  constructor(
    private readonly random: Random,
    private readonly inOrder: boolean,
  ) {
    this.#late = random.pick([0, 0.02, 0.1, 0.5]);
    this.#more = random.pick([0, 0.5, 0.9, 1]);
  }

  isLate(): boolean {
    return this.#late > 0 && this.random.chance(this.#late);
  }

  goesOn(): boolean {
    return this.#more === 1 || this.random.chance(this.#more);
  }

  first(count: number): number {
    return this.inOrder || count === 1 ? 0 : this.random.below(count);
  }
}
