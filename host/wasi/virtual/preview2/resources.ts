/**
 * The resources that the host has lent to a component, by handle. A component that is wrong about
 * one is ended, as the real host does: drops what has children, names what there is not.
 */
import { GuestTrap } from "../../outcome.js";

export type ResourceKind =
  | "deadline"
  | "entries"
  | "error"
  | "file"
  | "input"
  | "network"
  | "output"
  | "pollable"
  | "socket";

export interface Resource {
  readonly kind: ResourceKind;
  /** In the kernel's table, of what has one. */
  fd: number;
  readonly parent: Resource | undefined;
  /** As the component knows it. */
  readonly handle: number;
  /** As the host does: where it looks first is lower. */
  readonly place: number;
  children: number;
  /** Of a deadline: when it is, in nanoseconds of the world; -Infinity: it was made for no time. */
  due: number;
  /** Of a socket whose send buffer was set: its bytes. */
  sendBuffer?: number;
}

const NO_HANDLE = 0;

export class ResourceTable {
  /** By handle; 0 is none. */
  readonly #slots: (Resource | undefined)[] = [undefined];
  /** Of both kinds of numbers: the one that was freed last is given first. */
  readonly #freeHandles: number[] = [];
  readonly #freePlaces: number[] = [];
  #places = 0;
  /** No component has a handle of one. */
  readonly #deadlines = new Set<Resource>();

  push(kind: ResourceKind, fd: number, parent?: Resource, due = 0): Resource {
    const place = this.#freePlaces.pop() ?? this.#places++;
    const isHidden = kind === "deadline";
    const handle = isHidden ? NO_HANDLE : (this.#freeHandles.pop() ?? this.#slots.length);
    const resource: Resource = { kind, fd, parent, handle, place, children: 0, due };
    if (isHidden) this.#deadlines.add(resource);
    else this.#slots[handle] = resource;
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
    return [...this.#slots.filter((one) => one !== undefined), ...this.#deadlines];
  }

  #remove(resource: Resource): void {
    this.#freePlaces.push(resource.place);
    if (!this.#deadlines.delete(resource)) {
      this.#slots[resource.handle] = undefined;
      this.#freeHandles.push(resource.handle);
    }
    if (resource.parent !== undefined) resource.parent.children--;
  }
}
