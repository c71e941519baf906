/**
 * Pseudo-random numbers from a seed: sfc32 of Chris Doty-Humphrey's PractRand, with three words of
 * state and a counter. Written from its definition. The same seed gives the same world on every
 * machine.
 */

/** Rounds after seeding, as in PractRand, which separate the sequences of nearby seeds. */
const WARM_UP_ROUNDS = 15;

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = Math.trunc(seed / 2 ** 32) | 0;
    this.#c = stream | 0;
    for (let round = 0; round < WARM_UP_ROUNDS; round++) this.next();
  }

  /** Returns 32 random bits, from 0 to 2^32 - 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** Returns a number from 0 up to but not including `bound`, which is at most 2^32. */
  below(bound: number): number {
    return Math.floor((this.next() / 2 ** 32) * bound);
  }

  /** Returns a number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** Returns true with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability * 2 ** 32;
  }

  pick<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)];
    if (chosen === undefined) throw new Error("there is nothing to pick from");
    return chosen;
  }

  fill(target: Uint8Array): void {
    for (let at = 0; at < target.length; at++) target[at] = this.next();
  }

  /** Returns an independent generator, so that what one part draws does not change another part. */
  fork(): Random {
    return new Random(this.next(), this.next());
  }
}
