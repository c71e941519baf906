/** How often each of a few things has happened, by their names. */
import { JsonObject } from "../../text/json";

export class Tally {
  private counts: Map<string, u64> = new Map();

  /** Knows a name from the start, so that it is told of although nothing has happened. */
  expect(name: string): void {
    if (!this.counts.has(name)) this.counts.set(name, 0);
  }

  /** It has happened once more. */
  add(name: string): void {
    this.counts.set(name, this.of(name) + 1);
  }

  of(name: string): u64 {
    return this.counts.has(name) ? this.counts.get(name) : 0;
  }

  /** `left 3, quit 1`, in the order in which they came; what never happened is left out. */
  text(): string {
    const names = this.counts.keys();
    let text = "";
    for (let i = 0; i < names.length; i++) {
      if (this.of(names[i]) == 0) continue;
      text += `${text == "" ? "" : ", "}${names[i]} ${this.of(names[i])}`;
    }
    return text == "" ? "none" : text;
  }

  /** An object with all of them. */
  toJson(): string {
    const names = this.counts.keys();
    const object = new JsonObject();
    for (let i = 0; i < names.length; i++) object.number(names[i], this.of(names[i]));
    return object.toString();
  }
}
