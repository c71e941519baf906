/** Reading and writing the streams of a descriptor, with what hosts of WASI 0.2 make of it. */
import { countCall } from "../calls";
import { AGAIN, CONNRESET, PIPE } from "../errno";
import * as abi from "./abi";
import { charge, judgeHost, refill } from "./budget";
import { countKept, Descriptor, LEAST_APPETITE_BYTES, opened, setDoubt } from "./table";

/** Bytes that one write hands over: as much of a slow reader's may lie in the host. */
export const WRITE_BYTES: u32 = 65_536;

/** The most that one read asks for; hosts give no more. */
const MOST_APPETITE_BYTES: u32 = 65_536;
/** With more descriptors than these, a wait gathers more than a read that comes early. */
const CROWD: i32 = 256;
const STREAM_CLOSED: u8 = 1;

/** A stream's call has failed. @returns -PIPE if the stream is closed, or -CONNRESET */
function streamError(at: usize, ownedAt: usize): i32 {
  if (load<u8>(at) == STREAM_CLOSED) return -PIPE;
  // The host keeps the error until it is told that nobody wants it.
  countCall();
  abi.dropError(load<abi.Handle>(ownedAt));
  return -CONNRESET;
}

/**
 * Reads what is there, never waiting. A host says "ready" until a read has found nothing: whoever
 * waits next asks once more ({@link Descriptor.doubtful}), if nobody has read again by then. So a
 * connection that goes on sending is read without a wait, and costs one call each time. In a crowd
 * it is asked at once: each turn is long there, and a wait shows who else has come meanwhile.
 *
 * @returns the bytes, 0 at the end, or -errno
 */
export function readNow(from: Descriptor, buffer: usize, length: u32): i32 {
  let got: u32 = 0;
  if (from.held >= 0 && length > 0) {
    store<u8>(buffer, <u8>from.held);
    from.held = -1;
    countKept(-1);
    got = 1;
  }
  while (got < length && !from.ended) {
    const most = min(length - got, from.appetite);
    const more = tryRead(from, buffer + got, most);
    if (more == -AGAIN) return got > 0 ? got : -AGAIN;
    if (more < 0) from.failure = more;
    if (more <= 0) break;
    got += more;
    if (!suits(from, more, most) && opened <= CROWD) break;
  }
  if (got > 0 || from.failure == 0) return got;
  const failure = from.failure;
  from.failure = 0;
  return failure;
}

/** Makes the next read fit what comes. @returns whether this one took all that it asked for */
function suits(from: Descriptor, got: u32, most: u32): bool {
  const appetite = from.appetite;
  if (got == most) {
    if (most == appetite) from.appetite = min(appetite * 2, MOST_APPETITE_BYTES);
    return true;
  }
  if (got < appetite / 8) from.appetite = max(appetite / 2, LEAST_APPETITE_BYTES);
  return false;
}

function tryRead(from: Descriptor, buffer: usize, length: u32): i32 {
  countCall();
  abi.land(buffer, length);
  abi.streamRead(from.input, length, abi.RESULT);
  if (abi.succeeded()) {
    const bytes = load<i32>(abi.RESULT, 8);
    setDoubt(from, bytes > 0);
    return bytes > 0 ? bytes : -AGAIN;
  }
  from.ended = true;
  setDoubt(from, false);
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
  // Whoever reads next is told, too.
  if (found < 0 && found != -AGAIN) from.failure = found;
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
    return streamError(abi.RESULT + abi.LONG_VALUE_AT, abi.RESULT + abi.LONG_VALUE_AT + 4);
  }
  const permit = load<u64>(abi.RESULT, abi.LONG_VALUE_AT);
  judgeHost(permit);
  return <i32>min<u64>(permit, WRITE_BYTES);
}

/** Writes bytes for which there is room. @returns 0, or -errno */
export function writeNow(to: Descriptor, buffer: usize, length: u32): i32 {
  countCall();
  charge();
  to.isFresh = false;
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
