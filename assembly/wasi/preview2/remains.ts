/**
 * Sockets that are closed here and not yet in the host, because bytes are still on their way out.
 *
 * To drop an output stream then loses them on older hosts (36 to 47). Younger ones (48 and later)
 * wait until the peer has read them, and everybody with them. So the stream is kept, and watched,
 * until there is room in it again; only then are it and the socket given back.
 *
 * A peer that never reads would be kept for ever. When its time is up, an older host is told to
 * drop what is left. A younger one can be told nothing of the kind; it is given a larger buffer of
 * the kernel's to put it in (send_buffer.ts), after which it has nothing to wait for. Where that is
 * of no use, the socket stays, and is counted.
 */
import { countCall } from "../calls";
import { Remain } from "../remain";
import * as abi from "./abi";
import { hostIsYoung } from "./budget";
import { enlarge } from "./send_buffer";
import { roomNow } from "./stream";
import { Descriptor } from "./table";

/** How long a peer may take to read what was sent to it before the close, in nanoseconds. */
const REMAINS_NANOSECONDS: u64 = 10_000_000_000;

class Kept extends Remain {
  isOverdue: bool = false;

  constructor(
    public descriptor: Descriptor,
    public due: u64,
  ) {
    super();
  }
}

// Made when it is first needed: who only imports this has nothing run.
let remains = changetype<Array<Kept>>(0);
let count: i32 = 0;

/** How many sockets are closed here but not in the host. */
export function remainCount(): i32 {
  return count;
}

/** Takes over a closed connection to which something is under way. */
export function keep(descriptor: Descriptor): Remain {
  if (descriptor.writable == abi.NO_HANDLE) {
    countCall();
    descriptor.writable = abi.subscribeOutput(descriptor.output);
  }
  if (changetype<usize>(remains) == 0) remains = new Array<Kept>();
  count++;
  const kept = new Kept(descriptor, abi.monotonicNow() + REMAINS_NANOSECONDS);
  remains.push(kept);
  return kept;
}

/** Stores the pollables to watch. @returns how many */
export function listRemains(at: usize): i32 {
  for (let i = 0; i < count; i++) {
    store<abi.Handle>(at + <usize>i * 4, remains[i].descriptor.writable);
  }
  return count;
}

/** When something is to be done, in nanoseconds of the monotonic clock. */
export function remainsDue(): u64 {
  let due = u64.MAX_VALUE;
  for (let i = 0; i < count; i++) due = min(due, remains[i].due);
  return due;
}

/** Gives back whatever nothing stands in the way of. */
export function sweepRemains(): void {
  const now = abi.monotonicNow();
  for (let i = count - 1; i >= 0; i--) {
    const one = remains[i];
    if (now >= one.due) hurry(one);
    if (roomNow(one.descriptor) == 0 && (!one.isOverdue || hostIsYoung())) continue;
    release(one.descriptor);
    one.goes();
    remains.splice(i, 1);
    count--;
  }
}

/** Its time is up. */
function hurry(one: Kept): void {
  one.isOverdue = true;
  one.due += REMAINS_NANOSECONDS;
  enlarge(one.descriptor.socket);
}

/**
 * Gives back a socket and all that hangs on it, children first: a host ends the program that drops
 * a parent before its children.
 */
export function release(descriptor: Descriptor): void {
  const waiting = descriptor.waiting;
  if (waiting !== null) release(waiting);
  descriptor.waiting = null;
  releaseReading(descriptor);
  if (descriptor.writable != abi.NO_HANDLE) {
    countCall();
    abi.dropPollable(descriptor.writable);
    descriptor.writable = abi.NO_HANDLE;
  }
  if (descriptor.output != abi.NO_HANDLE) {
    countCall();
    abi.dropOutput(descriptor.output);
    descriptor.output = abi.NO_HANDLE;
  }
  if (descriptor.socket != abi.NO_HANDLE) {
    countCall();
    abi.dropSocket(descriptor.socket);
    descriptor.socket = abi.NO_HANDLE;
  }
}

/** Gives back what was read from; the rest may have to stay for a while. */
export function releaseReading(descriptor: Descriptor): void {
  if (descriptor.readable != abi.NO_HANDLE) {
    countCall();
    abi.dropPollable(descriptor.readable);
    descriptor.readable = abi.NO_HANDLE;
  }
  if (descriptor.input != abi.NO_HANDLE) {
    countCall();
    abi.dropInput(descriptor.input);
    descriptor.input = abi.NO_HANDLE;
  }
}
