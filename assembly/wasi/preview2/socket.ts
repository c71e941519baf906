/** The verbs of a socket, by WASI 0.2. */
import { countCall } from "../calls";
import { AGAIN, BADF } from "../errno";
import { Fd } from "../fd";
import { Remain } from "../remain";
import { setVector, VECTOR_BYTES } from "../vector";
import * as abi from "./abi";
import { storeAddress } from "./address";
import { chargeAccept, doubtsAccept, hostIsYoung, refill, renewed } from "./budget";
import { errnoOf, finished } from "./error_code";
import { keep, release, releaseReading } from "./remains";
import { peekNow, readNow, roomNow, WRITE_BYTES, writeNow } from "./stream";
import { countKept, Descriptor, enter, find, findOf, Kind, leave } from "./table";
import { waitFor } from "./wait";

const SHUT_SENDING: i32 = 1;
/** Pieces from this size on are handed over where they lie; smaller ones are put together. */
const LONE_PIECE_BYTES: u32 = 16_384;

/** Where pieces are put together that leave together; made when it is first needed. */
let together: usize = 0;
const one = memory.data(8);
/** Who was accepted last. */
let newest: Descriptor | null = null;

export function accept(fd: Fd, blocking: bool): i32 {
  const listener = findOf(fd, Kind.LISTENER);
  if (listener === null) return -BADF;
  let error = lookForNewcomer(listener);
  while (error == -AGAIN && listener.blocking) {
    waitFor(listener, false);
    error = lookForNewcomer(listener);
  }
  if (error != 0) return error;
  const newcomer = listener.waiting!;
  listener.waiting = null;
  countKept(-1);
  newcomer.blocking = blocking;
  newest = newcomer;
  return enter(newcomer);
}

/** Accepts somebody who is kept until asked for. @returns 0 if there is somebody, or -errno */
export function lookForNewcomer(listener: Descriptor): i32 {
  if (listener.waiting !== null) return 0;
  const error = tryAccept(listener);
  return error == -AGAIN && doubtsAccept() && renew() ? tryAccept(listener) : error;
}

/**
 * Has the host let go, after which it says again who has come. An older one does so when it looks
 * at a connection and nothing is left of its budget; as there is room in this one, the wait is over
 * at once.
 *
 * @returns whether it has
 */
function renew(): bool {
  if (hostIsYoung()) return refill();
  const to = newest;
  if (to === null || !to.isOpen || !to.isFresh) return false;
  waitFor(to, true);
  renewed();
  return true;
}

function tryAccept(listener: Descriptor): i32 {
  countCall();
  chargeAccept();
  abi.acceptSocket(listener.socket, abi.RESULT);
  if (!abi.succeeded()) {
    return -errnoOf(load<u8>(abi.RESULT, abi.VALUE_AT));
  }
  const socket = load<abi.Handle>(abi.RESULT, abi.VALUE_AT);
  const input = load<abi.Handle>(abi.RESULT, abi.VALUE_AT + 4);
  const output = load<abi.Handle>(abi.RESULT, abi.VALUE_AT + 8);
  listener.waiting = new Descriptor(Kind.CONNECTION, socket, input, output);
  countKept(1);
  return 0;
}

export function setBlocking(fd: Fd, blocking: bool): i32 {
  const found = find(fd);
  if (found === null || found.socket == abi.NO_HANDLE) return -BADF;
  found.blocking = blocking;
  return 0;
}

export function recv(fd: Fd, buffer: usize, length: u32): i32 {
  const found = findOf(fd, Kind.CONNECTION);
  if (found === null) return -BADF;
  let got = readNow(found, buffer, length);
  while (got == -AGAIN && found.blocking) {
    waitFor(found, false);
    got = readNow(found, buffer, length);
  }
  return got;
}

export function peek(fd: Fd): i32 {
  const found = findOf(fd, Kind.CONNECTION);
  if (found === null) return -BADF;
  let state = peekNow(found);
  while (state == -AGAIN && found.blocking) {
    waitFor(found, false);
    state = peekNow(found);
  }
  return state;
}

export function isConnection(fd: Fd): bool {
  return findOf(fd, Kind.CONNECTION) !== null;
}

/**
 * Sends pieces: large ones from where they lie, small ones put together, so that a crowd's tick
 * costs two calls for each of them, and mostly no copy.
 */
export function sendVector(fd: Fd, vectors: usize, count: u32): i32 {
  const to = findOf(fd, Kind.CONNECTION);
  if (to === null) return -BADF;
  const end = vectors + <usize>count * VECTOR_BYTES;
  let sent = 0;
  let at = vectors;
  let offset: u32 = 0;
  while (true) {
    // Steps over what is gone.
    while (at < end && offset >= lengthAt(at)) {
      offset -= lengthAt(at);
      at += VECTOR_BYTES;
    }
    if (at >= end) return sent;
    const room = roomFor(to);
    if (room <= 0) return sent > 0 ? sent : room == 0 ? -AGAIN : room;
    const left = lengthAt(at) - offset;
    const isAlone = at + VECTOR_BYTES == end || left >= min<u32>(room, LONE_PIECE_BYTES);
    const length = isAlone ? min<u32>(left, room) : gather(at, end, offset, room);
    const error = writeNow(to, isAlone ? load<usize>(at) + offset : together, length);
    if (error != 0) return sent > 0 ? sent : error;
    sent += length;
    offset += length;
  }
}

/** Puts pieces together, from an offset in the first on. @returns the bytes */
function gather(from: usize, end: usize, offset: u32, room: u32): u32 {
  if (together == 0) together = heap.alloc(WRITE_BYTES);
  let length: u32 = 0;
  const most = min<u32>(room, WRITE_BYTES);
  for (let at = from; at < end && length < most; at += VECTOR_BYTES) {
    const taken = min<u32>(lengthAt(at) - offset, most - length);
    memory.copy(together + length, load<usize>(at) + offset, taken);
    length += taken;
    offset = 0;
  }
  return length;
}

// @ts-ignore: decorator
@inline
function lengthAt(vector: usize): u32 {
  return load<u32>(vector, 4);
}

/** Waits for it where the descriptor is a blocking one. */
function roomFor(to: Descriptor): i32 {
  let room = roomNow(to);
  while (room == 0 && to.blocking) {
    waitFor(to, true);
    room = roomNow(to);
  }
  return room;
}

export function send(fd: Fd, buffer: usize, length: u32): i32 {
  setVector(one, buffer, length);
  return sendVector(fd, one, 1);
}

export function shutdownWrite(fd: Fd): i32 {
  const found = findOf(fd, Kind.CONNECTION);
  if (found === null) return -BADF;
  countCall();
  abi.shutdownSocket(found.socket, SHUT_SENDING, abi.RESULT);
  return finished();
}

export function close(fd: Fd): i32 {
  if (find(fd) === null) return -BADF;
  closeLeaving(fd);
  return 0;
}

export function closeLeaving(fd: Fd): Remain | null {
  const found = find(fd);
  if (found === null) return null;
  leave(fd);
  if (found.kind == Kind.CONNECTION && roomNow(found) == 0) {
    releaseReading(found);
    return keep(found);
  }
  if (found.kind == Kind.FILE) {
    found.giveBack();
  } else if (found.kind == Kind.STDIN || found.kind == Kind.OUTPUT) {
    releaseReading(found);
  } else {
    release(found);
  }
  return null;
}

/** Stores the peer's address at `at`. @returns its bytes, 4 or 16; the port is behind 16; -errno */
export function remoteAddress(fd: Fd, at: usize): i32 {
  const found = findOf(fd, Kind.CONNECTION);
  if (found === null) return -BADF;
  countCall();
  abi.remoteAddress(found.socket, abi.RESULT);
  return storeAddress(at);
}
