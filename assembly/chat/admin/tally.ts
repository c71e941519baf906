/** Counts a few kinds of events by name. */
import { JsonObject } from "../../text/json";

export class Tally {
  private counts: Map<string, u64> = new Map();

  /** Adds a name with count 0, so that it is reported even if it never occurs. */
  addName(name: string): void {
    if (!this.counts.has(name)) this.counts.set(name, 0);
  }

  /** Counts one event. */
  add(name: string): void {
    this.counts.set(name, this.countOf(name) + 1);
  }

  countOf(name: string): u64 {
    return this.counts.has(name) ? this.counts.get(name) : 0;
  }

  /** Returns `left 3, quit 1`, in the order in which the names were added, without zeros. */
  text(): string {
    const names = this.counts.keys();
    let text = "";
    for (let i = 0; i < names.length; i++) {
      if (this.countOf(names[i]) == 0) continue;
      text += `${text == "" ? "" : ", "}${names[i]} ${this.countOf(names[i])}`;
    }
    return text == "" ? "none" : text;
  }

  /** Returns an object with all counts. */
  toJson(): string {
    const names = this.counts.keys();
    const object = new JsonObject();
    for (let i = 0; i < names.length; i++) object.number(names[i], this.countOf(names[i]));
    return object.toString();
  }
}
