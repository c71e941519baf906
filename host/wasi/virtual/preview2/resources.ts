/**
 * The resources that the host has lent to a component, by handle. A component that is wrong about
 * one is ended, as the real host does: drops what has children, names what there is not.
 */
import { GuestTrap } from "../../outcome.js";

export type ResourceKind =
  "deadline" | "error" | "input" | "network" | "output" | "pollable" | "socket";

export interface Resource {
  readonly kind: ResourceKind;
  /** In the kernel's table, of what has one. */
  fd: number;
  readonly parent: Resource | undefined;
  readonly handle: number;
  children: number;
  /** Of a deadline: when it is, in nanoseconds of the world; -Infinity: it was made for no time. */
  due: number;
}

export class ResourceTable {
  /** By handle; 0 is none. */
  readonly #slots: (Resource | undefined)[] = [undefined];
  /** The one that was freed last is given first. */
  readonly #free: number[] = [];

  push(kind: ResourceKind, fd: number, parent?: Resource, due = 0): Resource {
    const handle = this.#free.pop() ?? this.#slots.length;
    const resource: Resource = { kind, fd, parent, handle, children: 0, due };
    this.#slots[handle] = resource;
    if (parent !== undefined) parent.children++;
    return resource;
  }

  /** @throws the end of the guest, if it has none such */
  get(handle: number, kind: ResourceKind): Resource {
    const found = this.#slots[handle];
    if (found === undefined) throw new GuestTrap(`unknown handle index ${handle}`);
    if (found.kind !== kind) throw new GuestTrap(`handle ${handle} is no ${kind}: ${found.kind}`);
    return found;
  }

  /** @throws the end of the guest, if there is none such, or something hangs on it */
  drop(handle: number, kind: ResourceKind): Resource {
    const found = this.get(handle, kind);
    if (found.children > 0) throw new GuestTrap(`resource has children: ${kind} ${handle}`);
    this.#remove(found);
    // Nobody but its pollable knows of a deadline.
    if (found.parent?.kind === "deadline") this.#remove(found.parent);
    return found;
  }

  /** What is lent out now. */
  get all(): Resource[] {
    return this.#slots.filter((one) => one !== undefined);
  }

  #remove(resource: Resource): void {
    this.#slots[resource.handle] = undefined;
    this.#free.push(resource.handle);
    if (resource.parent !== undefined) resource.parent.children--;
  }
}
