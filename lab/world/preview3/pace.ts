/**
 * When the host gets round to what it could do at once. A real one works in threads of its own, so
 * that a component must be right whatever comes first; here it is drawn from the world's seed.
 */
import type { Random } from "../random.js";

export interface Pace {
  /** Whether a call is answered "blocked", although it could be done. */
  isLate(): boolean;
  /** Whether the host does more than one thing while the component lets it work. */
  goesOn(): boolean;
  /** Which of so many comes first; real hosts deliver the event of the lowest handle. */
  first(count: number): number;
}

/** Whatever can be done is done, in order. */
export const PROMPT: Pace = { isLate: () => false, goesOn: () => true, first: () => 0 };

export class DrawnPace implements Pace {
  readonly #late: number;
  readonly #more: number;

  /** @param inOrder whether events come as on real hosts */
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
