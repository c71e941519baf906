/**
 * What a task of the host's may do before it must let its thread go: so many things that turn out
 * to be ready. With nothing left, nothing is ready, whatever is true; only a wait that finds nobody
 * lets go, and has it all again.
 */

export const BUDGET = 128;

export class Budget {
  #left = BUDGET;

  get left(): number {
    return this.#left;
  }

  /** Something is ready. @returns whether it can be told */
  spend(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }

  renew(): void {
    this.#left = BUDGET;
  }
}
