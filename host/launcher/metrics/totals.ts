/**
 * Adds up counters over restarts of the guest. Each guest counts from zero, so the last known
 * counts of earlier guests are added.
 */
import type { Family, Sample } from "./families.js";

/** The sums of the counters of all guests. */
export class Totals {
  #guest = 0;
  /** The counters of all guests before the present one, added up. They begin with the launcher. */
  readonly #before = new Map<string, number>();
  /** The counters that the present guest reported last. */
  #last = new Map<string, number>();
  #families: Family[] = [];

  /** Takes the metrics of a guest. @param guest its number; each new guest has a higher one */
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

  /** The counters with the sums, as of the last update. */
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
