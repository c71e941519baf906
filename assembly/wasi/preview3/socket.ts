/** The verbs of a socket, by WASI 0.3. */
import { countCall } from "../calls";
import { AGAIN, BADF, MFILE, NOSYS } from "../errno";
import { Fd } from "../fd";
import { Remain } from "../remain";
import { setVector, VECTOR_BYTES } from "../vector";
import * as abi from "./abi";
import { storeAddress } from "./address";
import * as hub from "./hub";
import { release, releaseReading } from "./remains";
import { peekNow, readNow, WRITE_BYTES, writeConnection } from "./stream";
import { Descriptor, enter, find, findOf, Kind, leave } from "./table";

const LONE_PIECE_BYTES: u32 = 16_384;
let together: usize = 0;
const one = memory.data(8);

export function accept(fd: Fd, blocking: bool): i32 {
  const listener = findOf(fd, Kind.LISTENER);
  if (listener === null) return -BADF;
  const error = lookForNewcomer(listener);
  if (error != 0) return error;
  const newcomer = listener.waiting!;
  listener.waiting = null;
  return enter(newcomer);
}
export function lookForNewcomer(listener: Descriptor): i32 {
  hub.ensureReading(listener);
  if (listener.waiting !== null) return 0;
  if (listener.failure != 0) { listener.failure = 0; return -MFILE; }
  return -AGAIN;
}
export function setBlocking(fd: Fd, blocking: bool): i32 { return blocking ? -NOSYS : 0; }
export function recv(fd: Fd, buffer: usize, length: u32): i32 {
  const found = findOf(fd, Kind.CONNECTION);
  return found === null ? -BADF : readNow(found, buffer, length);
}
export function peek(fd: Fd): i32 {
  const found = findOf(fd, Kind.CONNECTION);
  return found === null ? -BADF : peekNow(found);
}
export function isConnection(fd: Fd): bool { return findOf(fd, Kind.CONNECTION) !== null; }
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
    const room = WRITE_BYTES;
    const left = lengthAt(at) - offset;
    const isAlone = at + VECTOR_BYTES == end || left >= min<u32>(room, LONE_PIECE_BYTES);
    const length = isAlone ? min<u32>(left, room) : gather(at, end, offset, room);
    const took = writeConnection(to, isAlone ? load<usize>(at) + offset : together, length);
    if (took < 0) return sent > 0 ? sent : took;
    sent += took;
    offset += took;
    if (took < <i32>length) return sent;
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

export function send(fd: Fd, buffer: usize, length: u32): i32 {
  setVector(one, buffer, length);
  return sendVector(fd, one, 1);
}

export function shutdownWrite(fd: Fd): i32 {
  const found = findOf(fd, Kind.CONNECTION);
  if (found === null) return -BADF;
  hub.releaseWriting(found);
  return 0;
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
  abi.tcpRemote(found.socket, abi.RESULT);
  return storeAddress(at);
}
