/**
 * What is behind a descriptor here. Descriptors are numbers of this table, the smallest free one
 * first, as those of a Unix process are.
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
  /** A file or a directory, of which files.ts knows more. */
  FILE = 4,
}

export class Descriptor extends EventHandler {
  /** Whether calls wait. */
  blocking: bool = false;
  isOpen: bool = true;
  private watchers: Watcher | null = null;

  constructor(public kind: Kind) {
    super();
  }

  /** Whether an event will tell when it can be read: it need not be tried before. */
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
   * Whether a read, or an accept, would succeed now. If not, this starts a read unless one is under
   * way, and the event of that read calls the watchers.
   */
  pollReadable(): bool {
    return false;
  }

  /** Whether a write would succeed now. If not, an event calls the watchers once it would. */
  pollWritable(): bool {
    return true;
  }

  /** Drops its handles. Called once. */
  release(): void {}

  onEvent(_event: Event, _payload: u32): void {}

  /**
   * {@link pollReadable} for a call that reads. A blocking descriptor waits. Any other one yields
   * once if a read was pending already: the host does not run in a program that never waits.
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

  /** From now on the watcher is notified of all changes. */
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

  /** Tells its watchers to look at it again. */
  changed(): void {
    let one = this.watchers;
    while (one !== null) {
      // It may watch no more once it has been told.
      const next = one._next;
      one.onChange();
      one = next;
    }
  }
}

// Made when it is first needed: an import alone runs nothing.
let table = changetype<Array<Descriptor | null>>(0);
let size: u32 = 0;
/** Descriptors below this one are taken. */
let lowestFree: Fd = FIRST_OF_OURS;

/** What is behind a descriptor, or null. */
// @ts-ignore: decorator
@inline
export function find(fd: Fd): Descriptor | null {
  return fd < size ? table[fd] : null;
}

/** What is behind a descriptor if it is of a kind, or null. */
export function findOf(fd: Fd, kind: Kind): Descriptor | null {
  const found = find(fd);
  return found !== null && found.kind == kind ? found : null;
}

/** Gives a number to what the host has opened. The three standard ones come first. */
export function enter(descriptor: Descriptor): Fd {
  let fd = lowestFree;
  while (fd < size && table[fd] !== null) fd++;
  place(fd, descriptor);
  lowestFree = fd + 1;
  return fd;
}

/** Puts a standard descriptor in its place. */
export function place(fd: Fd, descriptor: Descriptor): void {
  if (size == 0) table = new Array<Descriptor | null>();
  while (size <= fd) {
    table.push(null);
    size++;
  }
  table[fd] = descriptor;
}

/** Takes a number back. Those that watch what was behind it are told. */
export function leave(fd: Fd): void {
  const descriptor = find(fd);
  if (descriptor === null) return;
  descriptor.isOpen = false;
  table[fd] = null;
  if (fd >= FIRST_OF_OURS) lowestFree = min(lowestFree, fd);
  descriptor.changed();
}

/** The open listeners, in the order of their numbers. */
export function listeners(): Array<Fd> {
  const found = new Array<Fd>();
  for (let fd: Fd = 0; fd < size; fd++) {
    const one = table[fd];
    if (one !== null && one.kind == Kind.LISTENER) found.push(fd);
  }
  return found;
}
