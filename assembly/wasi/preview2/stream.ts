/** Reading and writing the streams of a descriptor, with what hosts of WASI 0.2 make of it. */
import { countCall } from "../calls";
import { AGAIN, CONNRESET, PIPE } from "../errno";
import * as abi from "./abi";
import { charge, judgeHost, refill } from "./budget";
import { countKept, Descriptor } from "./table";

/** Bytes that one write hands over: as much of a slow reader's may lie in the host. */
export const WRITE_BYTES: u32 = 65_536;

const STREAM_CLOSED: u8 = 1;

/** A stream's call has failed. @returns -PIPE if the stream is closed, or -CONNRESET */
function streamError(at: usize, ownedAt: usize): i32 {
  if (load<u8>(at) == STREAM_CLOSED) return -PIPE;
  // The host keeps the error until it is told that nobody wants it.
  countCall();
  abi.dropError(load<abi.Handle>(ownedAt));
  return -CONNRESET;
}

/** Reads what is there, never waiting. @returns the bytes, 0 at the end, or -errno */
export function readNow(from: Descriptor, buffer: usize, length: u32): i32 {
  if (from.held >= 0 && length > 0) return readHeld(from, buffer, length);
  if (from.ended) return 0;
  let read = tryRead(from, buffer, length);
  if (read == -AGAIN && refill()) read = tryRead(from, buffer, length);
  return read;
}

/** The byte that was looked at comes first, and what has come after it, if anything has. */
function readHeld(from: Descriptor, buffer: usize, length: u32): i32 {
  store<u8>(buffer, <u8>from.held);
  from.held = -1;
  countKept(-1);
  if (length == 1 || from.ended) return 1;
  const more = tryRead(from, buffer + 1, length - 1);
  return more > 0 ? 1 + more : 1;
}

function tryRead(from: Descriptor, buffer: usize, length: u32): i32 {
  countCall();
  charge();
  abi.land(buffer, length);
  abi.streamRead(from.input, length, abi.RESULT);
  if (abi.succeeded()) {
    const bytes = load<i32>(abi.RESULT, 8);
    return bytes > 0 || length == 0 ? bytes : -AGAIN;
  }
  from.ended = true;
  const code = streamError(abi.RESULT + abi.VALUE_AT, abi.RESULT + 8);
  return code == -PIPE ? 0 : code;
}

/**
 * Asks what a read would find, and keeps the byte that had to be taken for it.
 *
 * @returns 1 if there is something, 0 at the end, -AGAIN, or another -errno if it is broken
 */
export function peekNow(from: Descriptor): i32 {
  if (from.held >= 0) return 1;
  const found = readNow(from, abi.RESULT + 32, 1);
  if (found != 1) return found;
  from.held = load<u8>(abi.RESULT, 32);
  countKept(1);
  return 1;
}

/** Bytes that one write may bring now. @returns them, 0 if there is no room, or -errno */
export function roomNow(to: Descriptor): i32 {
  const room = tryCheck(to);
  return room == 0 && refill() ? tryCheck(to) : room;
}

function tryCheck(to: Descriptor): i32 {
  countCall();
  charge();
  abi.checkWrite(to.output, abi.RESULT);
  if (!abi.succeeded()) {
    return streamError(abi.RESULT + abi.PERMIT_AT, abi.RESULT + abi.PERMIT_AT + 4);
  }
  const permit = load<u64>(abi.RESULT, abi.PERMIT_AT);
  judgeHost(permit);
  return <i32>min<u64>(permit, WRITE_BYTES);
}

/** Writes bytes for which there is room. @returns 0, or -errno */
export function writeNow(to: Descriptor, buffer: usize, length: u32): i32 {
  countCall();
  charge();
  abi.streamWrite(to.output, buffer, length, abi.RESULT);
  if (abi.succeeded()) return 0;
  return streamError(abi.RESULT + abi.VALUE_AT, abi.RESULT + abi.STREAM_ERROR_AT);
}

/** Sees to it that what was written is not kept back. @returns 0, or -errno */
export function flushNow(to: Descriptor): i32 {
  countCall();
  abi.streamFlush(to.output, abi.RESULT);
  if (abi.succeeded()) return 0;
  return streamError(abi.RESULT + abi.VALUE_AT, abi.RESULT + abi.STREAM_ERROR_AT);
}
