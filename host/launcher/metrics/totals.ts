/**
 * Counters that go on when the module does not: each new one counts from zero, and what those
 * before it had counted, when they were last asked, is added.
 */
import type { Family, Sample } from "./families.js";

export class Totals {
  #guest = 0;
  /** Of all guests before this one. */
  readonly #before = new Map<string, number>();
  /** What this one said last. */
  #last = new Map<string, number>();
  #families: Family[] = [];

  /** @param guest which of them has said this; they are counted up */
  update(guest: number, families: readonly Family[]): void {
    if (guest !== this.#guest) {
      for (const [key, value] of this.#last) this.#add(key, value);
      this.#last = new Map();
      this.#guest = guest;
    }
    const counting = families.filter(({ type }) => type !== "gauge");
    for (const { name, values } of counting) {
      for (const sample of values) this.#last.set(keyOf(name, sample), sample.value);
    }
    this.#families = counting.map((family) => ({
      ...family,
      values: family.values.map((sample) => ({
        ...sample,
        value: sample.value + (this.#before.get(keyOf(family.name, sample)) ?? 0),
      })),
    }));
  }

  /** The sums, as of the last update. */
  get families(): readonly Family[] {
    return this.#families;
  }

  #add(key: string, value: number): void {
    this.#before.set(key, (this.#before.get(key) ?? 0) + value);
  }
}

function keyOf(family: string, { metricName = family, labels }: Sample): string {
  return JSON.stringify([metricName, labels]);
}
