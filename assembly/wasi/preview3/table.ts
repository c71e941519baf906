/**
 * What is behind a descriptor here: a socket with its streams and pollables, which the host knows
 * by a handle each. Descriptors are numbers of this table, the smallest free one first, as those of
 * a Unix process are.
 */
import { FIRST_OF_OURS, Fd } from "../fd";
import { Handle, NO_HANDLE } from "./abi";

export enum Kind {
  STDIN = 0,
  OUTPUT = 1,
  LISTENER = 2,
  CONNECTION = 3,
  /** A file or a directory, of which files.ts knows more. */
  FILE = 4,
}

/** What a connection's first read asks for, in bytes. */
export const LEAST_APPETITE_BYTES: u32 = 4096;

export class Descriptor {
  /** What becomes ready when something can be read, or accepted; made when it is first wanted. */
  readable: Handle = NO_HANDLE;
  writable: Handle = NO_HANDLE;
  /** Whether calls wait. */
  blocking: bool = false;
  /** Whether the stream has ended, or broken: there is nothing more to read. */
  ended: bool = false;
  /** What has broken it, to be told by the next read; 0: nothing. */
  failure: i32 = 0;
  /** Whether the host may say that there is something to read, although that has been read. */
  doubtful: bool = false;
  /** The most that one read asks for, in bytes: a host makes room for all of it. */
  appetite: u32 = LEAST_APPETITE_BYTES;
  /** A byte that a look ahead has taken; -1: none. */
  held: i32 = -1;
  /** A connection that a look ahead has accepted. */
  waiting: Descriptor | null = null;
  isOpen: bool = true;
  /** Whether nothing has been written to it yet, so that there is room, or will be at once. */
  isFresh: bool = true;
  fd: Fd = 0;
  /** A read ahead: where it goes, and what of it is there. */
  buf: usize = 0; cap: u32 = 0; wants: u32 = 256; at: u32 = 0; len: u32 = 0;
  reading: bool = false;
  /** The last write found no room; whether a write of nothing is under way, to hear of room. */
  blockedOut: bool = false; probing: bool = false;
  /** The future that tells how reading ended; that it has; whether it is being asked. */
  result: Handle = NO_HANDLE; dropped: bool = false; asking: bool = false;

  constructor(
    public kind: Kind,
    public socket: Handle,
    public input: Handle,
    public output: Handle,
  ) {}

  /** Of a file: tells the host that nobody wants it any more. */
  giveBack(): void {}

  /** Whether something is kept of it that a read or an accept would give. */
  get keepsSomething(): bool {
    return this.held >= 0 || this.waiting !== null;
  }
}

// Made when it is first needed: who only imports this has nothing run.
let table = changetype<Array<Descriptor | null>>(0);
let size: u32 = 0;
/** Descriptors below this one are taken. */
let lowestFree: Fd = FIRST_OF_OURS;

/** How many descriptors keep something for whoever looked ahead: a byte, or a newcomer. */
export let kept: i32 = 0;

// @ts-ignore: decorator
@inline
export function countKept(change: i32): void {
  kept += change;
}

/** Descriptors that have been opened and not closed; the three standard ones do not count. */
export let opened: i32 = 0;

/** How many descriptors are doubtful: whoever waits must look at them first. */
export let doubts: i32 = 0;

/** Says whether the host may call something readable that has been read. */
export function setDoubt(about: Descriptor, isDoubtful: bool): void {
  if (about.doubtful == isDoubtful) return;
  about.doubtful = isDoubtful;
  if (about.isOpen) doubts += isDoubtful ? 1 : -1;
}

/** How often something has been closed: whoever watches descriptors looks after them then. */
export let closings: u32 = 0;

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

/** Puts the three standard descriptors in their places, before anything else is asked of them. */
export function enterStandard(): void {
  if (size > 0) return;
  table = new Array<Descriptor | null>();
  table.push(new Descriptor(Kind.STDIN, NO_HANDLE, NO_HANDLE, NO_HANDLE));
  table.push(new Descriptor(Kind.OUTPUT, NO_HANDLE, NO_HANDLE, NO_HANDLE));
  table.push(new Descriptor(Kind.OUTPUT, NO_HANDLE, NO_HANDLE, NO_HANDLE));
  size = FIRST_OF_OURS;
}

/** Gives a number to what the host has opened. */
export function enter(descriptor: Descriptor): Fd {
  enterStandard();
  opened++;
  let fd = lowestFree;
  while (fd < size && table[fd] !== null) fd++;
  if (fd == size) {
    table.push(descriptor);
    size++;
  } else {
    table[fd] = descriptor;
  }
  lowestFree = fd + 1;
  descriptor.fd = fd;
  return fd;
}

/** Takes a number back. */
export function leave(fd: Fd): void {
  const descriptor = find(fd);
  if (descriptor === null) return;
  setDoubt(descriptor, false);
  descriptor.isOpen = false;
  table[fd] = null;
  closings++;
  if (fd < FIRST_OF_OURS) return;
  opened--;
  lowestFree = min(lowestFree, fd);
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
