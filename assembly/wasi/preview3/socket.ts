/** Sockets, by WASI 0.3. See ../socket.ts for the contract of each function. */
import { BADF, AGAIN } from "../errno";
import { Fd } from "../fd";
import { setVector, VECTOR_BYTES } from "../vector";
import { Connection } from "./connection";
import { Listener } from "./listener";
import { enter, find, findOf, Kind, leave } from "./table";

/** A component copies small buffers together for one write, up to this size. @limit bytes */
const MAX_COALESCED_BYTES: u32 = 65_536;
/** The size from which on a buffer is written without a copy, in bytes. */
const MIN_DIRECT_WRITE_BYTES: u32 = 16_384;

let coalesced: usize = 0;
const one = memory.data(8);

function findConnection(fd: Fd): Connection | null {
  const found = findOf(fd, Kind.CONNECTION);
  return found === null ? null : changetype<Connection>(found);
}

/**
 * Accepts a pending connection.
 *
 * @returns its descriptor, -AGAIN if none is pending, or another -errno
 */
export function accept(fd: Fd, blocking: bool): i32 {
  const found = findOf(fd, Kind.LISTENER);
  if (found === null) return -BADF;
  const listener = changetype<Listener>(found);
  if (!listener.waitReadable()) return -AGAIN;
  if (!listener.hasAccepted) return -listener.takeFailure();
  const accepted = listener.take();
  accepted.blocking = blocking;
  return enter(accepted);
}

export function setBlocking(fd: Fd, blocking: bool): i32 {
  const found = find(fd);
  if (found === null) return -BADF;
  found.blocking = blocking;
  return 0;
}

export function recv(fd: Fd, buffer: usize, length: u32): i32 {
  const found = findConnection(fd);
  return found === null ? -BADF : found.read(buffer, length);
}

export function peek(fd: Fd): i32 {
  const found = findConnection(fd);
  return found === null ? -BADF : found.peek();
}

export function isConnectionAnswer(answer: i32): bool {
  return answer != -BADF;
}

/**
 * Sends several buffers: large ones without a copy, small ones copied together. So a tick costs one
 * call for each connection, and mostly no copy.
 *
 * @returns the bytes taken, maybe fewer than there are, -AGAIN if none, or another -errno
 */
export function sendVector(fd: Fd, vectors: usize, count: u32): i32 {
  const to = findConnection(fd);
  if (to === null) return -BADF;
  const end = vectors + <usize>count * VECTOR_BYTES;
  let sent = 0;
  let at = vectors;
  let offset: u32 = 0;
  while (true) {
    // Skips buffers that have been sent completely.
    while (at < end && offset >= lengthAt(at)) {
      offset -= lengthAt(at);
      at += VECTOR_BYTES;
    }
    if (at >= end) return sent;
    const left = lengthAt(at) - offset;
    const isDirect = at + VECTOR_BYTES == end || left >= MIN_DIRECT_WRITE_BYTES;
    const length = isDirect ? left : coalesce(at, end, offset);
    const taken = to.write(isDirect ? load<usize>(at) + offset : coalesced, length);
    if (taken < 0) return sent > 0 ? sent : taken;
    sent += taken;
    offset += taken;
    if (taken < <i32>length) return sent;
  }
}

/**
 * Copies buffers together.
 *
 * @param offset the first byte of the first buffer
 * @returns the number of bytes
 */
function coalesce(from: usize, end: usize, offset: u32): u32 {
  if (coalesced == 0) coalesced = heap.alloc(MAX_COALESCED_BYTES);
  let length: u32 = 0;
  for (let at = from; at < end && length < MAX_COALESCED_BYTES; at += VECTOR_BYTES) {
    const taken = min<u32>(lengthAt(at) - offset, MAX_COALESCED_BYTES - length);
    memory.copy(coalesced + length, load<usize>(at) + offset, taken);
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
  const found = findConnection(fd);
  if (found === null) return -BADF;
  found.endWriting();
  return 0;
}

export function close(fd: Fd): i32 {
  const found = find(fd);
  if (found === null) return -BADF;
  leave(fd);
  found.release();
  return 0;
}

/**
 * Stores the peer address at `at`, and its port at `at + 16`.
 *
 * @returns its length, 4 or 16, or -errno
 */
export function remoteAddress(fd: Fd, at: usize): i32 {
  const found = findConnection(fd);
  if (found === null) return -BADF;
  store<u64>(at, found.addressLow);
  store<u64>(at, found.addressHigh, 8);
  store<u16>(at, found.port, 16);
  return found.addressBytes;
}
