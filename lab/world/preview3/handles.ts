/**
 * The handle table of a component: resources, ends of streams and futures, subtasks and sets. All
 * share one sequence of numbers, and the number that was freed last is reused first. A wrong handle
 * ends the component, as in wasmtime.
 */
import { GuestTrap } from "../../../host/runtime/outcome.js";

/** Anything that a component may hold by a handle. */
export abstract class Held {
  /** The handle; 0 after it was dropped. */
  handle = 0;
  /** The name of the type in wasmtime's error messages. */
  static readonly kind: string = "a resource";
}

type Class<T extends Held> = (abstract new (...values: never[]) => T) & { readonly kind: string };

export class HandleTable {
  /** Objects by handle; 0 is no handle. */
  readonly #slots: (Held | undefined)[] = [undefined];
  readonly #free: number[] = [];

  /** Adds an object. @returns its handle */
  push(held: Held): number {
    const handle = this.#free.pop() ?? this.#slots.length;
    this.#slots[handle] = held;
    held.handle = handle;
    return handle;
  }

  /** @throws {GuestTrap} if the handle is unknown or of another type */
  get<T extends Held>(handle: number, type: Class<T>): T {
    const found = this.#slots[handle];
    if (found === undefined) throw new GuestTrap(`unknown handle index ${handle}`);
    if (found instanceof type) return found;
    throw new GuestTrap(`handle is not ${type.kind}`);
  }

  /** Removes an object and frees its handle. @throws {GuestTrap} as {@link get} does */
  drop<T extends Held>(handle: number, type: Class<T>): T {
    const found = this.get(handle, type);
    this.#slots[handle] = undefined;
    this.#free.push(handle);
    found.handle = 0;
    return found;
  }

  /** All objects that the component holds now. */
  get all(): Held[] {
    return this.#slots.filter((one) => one !== undefined);
  }
}
