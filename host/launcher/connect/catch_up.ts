/**
 * Collects the messages that arrive while a client enters a room and reads its history. Messages of
 * the history and new ones arrive mixed, and some arrive twice. The client shows each message once,
 * in the order of ids.
 */
import { isSaid, numberOf, type ServerObject } from "./objects.js";

/** The most objects that are kept. No server remembers that many messages of a room. */
const KEPT_MOST = 20_000;

export class CatchUp {
  readonly #said = new Map<number, ServerObject>();
  readonly #others: ServerObject[] = [];

  /** @param after the id of the last message that has been shown */
  constructor(private readonly after: number) {}

  /** Adds a message or another object. @returns false if there are too many */
  add(object: ServerObject): boolean {
    if (!isSaid(object)) this.#others.push(object);
    else if (numberOf(object, "id") > this.after) this.#said.set(numberOf(object, "id"), object);
    return this.#said.size + this.#others.length <= KEPT_MOST;
  }

  /** Returns all objects: first the messages by id, then the others. */
  objects(): ServerObject[] {
    const said = [...this.#said].sort(([one], [other]) => one - other);
    return [...said.map(([, object]) => object), ...this.#others];
  }
}
