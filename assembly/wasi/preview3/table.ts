/**
 * The descriptor table of a component. As in a Unix process, a new descriptor gets the lowest free
 * number.
 */
import { FIRST_OF_OURS, Fd } from "../fd";
import { Watcher } from "./watcher";
import { Event } from "./canonical";
import { yieldToHost, EventHandler, wait } from "./waitables";

export enum Kind {
  STDIN = 0,
  OUTPUT = 1,
  LISTENER = 2,
  CONNECTION = 3,
  /** A file or a directory: files.ts has the subclass. */
  FILE = 4,
}

export class Descriptor extends EventHandler {
  /** True if calls on the descriptor block. */
  blocking: bool = false;
  isOpen: bool = true;
  private watchers: Watcher | null = null;

  constructor(public kind: Kind) {
    super();
  }

  /** True if a read is in flight, whose event will report readiness. */
  get isReadPending(): bool {
    return false;
  }

  get canBeRead(): bool {
    return this.kind != Kind.OUTPUT && this.kind != Kind.FILE;
  }

  get canBeWritten(): bool {
    return this.kind == Kind.OUTPUT || this.kind == Kind.CONNECTION;
  }

  /**
   * Returns true if a read, or an accept, would not block now. If not, this starts a read unless
   * one is in flight, and the event of that read notifies the watchers.
   */
  pollReadable(): bool {
    return false;
  }

  /**
   * Returns true if a write would not block now. If it returns false, an event notifies the
   * watchers as soon as a write would not block.
   */
  pollWritable(): bool {
    return true;
  }

  /** Drops the handles. Called once. */
  release(): void {}

  onEvent(_event: Event, _payload: u32): void {}

  /**
   * Polls for a call that reads. A blocking descriptor waits. A non-blocking one yields once if a
   * read was in flight already: the host makes no progress in a program that never waits.
   *
   * @returns true if a read would not block now
   */
  waitReadable(): bool {
    const isOld = this.isReadPending;
    if (this.pollReadable()) return true;
    if (this.blocking) {
      do wait();
      while (!this.pollReadable());
      return true;
    }
    if (!isOld) return false;
    yieldToHost();
    return this.pollReadable();
  }

  /** Adds a watcher, which is notified of each event. */
  watch(watcher: Watcher): void {
    watcher._next = this.watchers;
    this.watchers = watcher;
  }

  unwatch(watcher: Watcher): void {
    let before: Watcher | null = null;
    let one = this.watchers;
    while (one !== null && one !== watcher) {
      before = one;
      one = one._next;
    }
    if (one === null) return;
    if (before === null) this.watchers = one._next;
    else before._next = one._next;
    one._next = null;
  }

  /** Notifies the watchers. */
  changed(): void {
    let one = this.watchers;
    while (one !== null) {
      // The watcher may unwatch the descriptor in its call.
      const next = one._next;
      one.onChange();
      one = next;
    }
  }
}

// Created at the first use: importing a file runs no code in AssemblyScript.
let table = changetype<Array<Descriptor | null>>(0);
let size: u32 = 0;
/** The lowest descriptor that may be free. */
let lowestFree: Fd = FIRST_OF_OURS;

/** Returns the object behind a descriptor, or null. */
// @ts-ignore: decorator
@inline
export function find(fd: Fd): Descriptor | null {
  return fd < size ? table[fd] : null;
}

/** Returns the object behind a descriptor if it is of this kind, else null. */
export function findOf(fd: Fd, kind: Kind): Descriptor | null {
  const found = find(fd);
  return found !== null && found.kind == kind ? found : null;
}

/**
 * Gives an object the lowest free number. The numbers of stdin, stdout and stderr are never free.
 */
export function enter(descriptor: Descriptor): Fd {
  let fd = lowestFree;
  while (fd < size && table[fd] !== null) fd++;
  place(fd, descriptor);
  lowestFree = fd + 1;
  return fd;
}

/** Stores an object under a number, which must be free. */
export function place(fd: Fd, descriptor: Descriptor): void {
  if (size == 0) table = new Array<Descriptor | null>();
  while (size <= fd) {
    table.push(null);
    size++;
  }
  table[fd] = descriptor;
}

/** Frees a number, and notifies the watchers of the object. */
export function leave(fd: Fd): void {
  const descriptor = find(fd);
  if (descriptor === null) return;
  descriptor.isOpen = false;
  table[fd] = null;
  if (fd >= FIRST_OF_OURS) lowestFree = min(lowestFree, fd);
  descriptor.changed();
}

/** Returns the open listeners, in the order of their numbers. */
export function listeners(): Array<Fd> {
  const found = new Array<Fd>();
  for (let fd: Fd = 0; fd < size; fd++) {
    const one = table[fd];
    if (one !== null && one.kind == Kind.LISTENER) found.push(fd);
  }
  return found;
}
