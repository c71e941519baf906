/** Sums and rates of many worlds, and a hash that is the same for the same worlds. */
import crypto from "node:crypto";
import type { WorldResult } from "./pool.js";

const NS_PER_HOUR = 3.6e12;

export class Summary {
  readonly #startedAt = performance.now();
  readonly #hash = crypto.createHash("sha256");
  #worlds = 0;
  #messages = 0;
  #deliveries = 0;
  #calls = 0;
  #faults = 0;
  #guests = 0;
  #virtualNs = 0;
  #undecided = 0;

  add(played: Omit<WorldResult, "failed">): void {
    this.#worlds++;
    this.#messages += played.messages;
    this.#deliveries += played.deliveries;
    this.#calls += played.calls;
    this.#faults += played.faults;
    this.#guests += played.guests;
    this.#virtualNs += played.virtualNs;
    if (played.undecided !== undefined) this.#undecided++;
    this.#hash.update(`${played.hash}\n`);
  }

  text(): string {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const count = (value: number) => Math.round(value).toLocaleString("en-US");
    const delivered = count(this.#deliveries / seconds);
    const hours = (this.#virtualNs / NS_PER_HOUR).toFixed(2);
    const undecided = this.#undecided === 0 ? "" : ` (${this.#undecided} left undecided)`;
    return [
      `${count(this.#worlds)} worlds${undecided}, ${count(this.#guests)} lives of the module`,
      `${count(this.#messages)} client messages, ${count(this.#deliveries)} deliveries`,
      `${count(this.#calls)} calls, ${count(this.#faults)} faults`,
      `${hours} virtual hours in ${seconds.toFixed(1)} s`,
      `${count(this.#messages / seconds)} messages and ${delivered} deliveries a second`,
      `virtual time runs ${count(this.#virtualNs / 1e9 / seconds)} times as fast as real time`,
      `hash ${this.#hash.digest("hex").slice(0, 16)}`,
    ].join("\n");
  }
}
