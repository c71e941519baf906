/**
 * The messages between coming into a room and having read what was said before: the history and
 * new messages come mixed, and some twice. They are shown by id, each once.
 */
import { isSaid, numberOf, type ServerObject } from "./objects.js";

/** No server remembers more of a room; it bounds what one can make us keep. */
const KEPT_MOST = 20_000;

export class CatchUp {
  readonly #said = new Map<number, ServerObject>();
  readonly #others: ServerObject[] = [];

  /** @param after the id of the last message that has been shown */
  constructor(private readonly after: number) {}

  /** @returns false if that is more than can be kept */
  add(object: ServerObject): boolean {
    if (!isSaid(object)) this.#others.push(object);
    else if (numberOf(object, "id") > this.after) this.#said.set(numberOf(object, "id"), object);
    return this.#said.size + this.#others.length <= KEPT_MOST;
  }

  /** All of it, messages first. */
  objects(): ServerObject[] {
    const said = [...this.#said].sort(([one], [other]) => one - other);
    return [...said.map(([, object]) => object), ...this.#others];
  }
}
