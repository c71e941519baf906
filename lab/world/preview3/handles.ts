/**
 * What a component holds of its host: resources, ends of streams and futures, subtasks and sets.
 * All have their numbers from one table, and a number that was freed last is given first. A
 * component that is wrong about one is ended, as the real host does.
 */
import { GuestTrap } from "../../../host/runtime/outcome.js";

/** Anything that a component may hold. */
export abstract class Held {
  /** Its number; 0 once it was given back. */
  handle = 0;
  /** What the host calls such a thing. */
  static readonly kind: string = "a resource";
}

type Class<T extends Held> = (abstract new (...values: never[]) => T) & { readonly kind: string };

export class HandleTable {
  /** By number; 0 is none. */
  readonly #slots: (Held | undefined)[] = [undefined];
  readonly #free: number[] = [];

  /** @returns its number */
  push(held: Held): number {
    const handle = this.#free.pop() ?? this.#slots.length;
    this.#slots[handle] = held;
    held.handle = handle;
    return handle;
  }

  /** @throws the end of the component, if it holds none such */
  get<T extends Held>(handle: number, type: Class<T>): T {
    const found = this.#slots[handle];
    if (found === undefined) throw new GuestTrap(`unknown handle index ${handle}`);
    if (found instanceof type) return found;
    throw new GuestTrap(`handle is not ${type.kind}`);
  }

  /** Takes a number back. @throws the end of the component, if it holds none such */
  drop<T extends Held>(handle: number, type: Class<T>): T {
    const found = this.get(handle, type);
    this.#slots[handle] = undefined;
    this.#free.push(handle);
    found.handle = 0;
    return found;
  }

  /** What is held now. */
  get all(): Held[] {
    return this.#slots.filter((one) => one !== undefined);
  }
}
