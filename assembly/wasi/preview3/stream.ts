/** Reading and writing the streams of a descriptor, with what hosts of WASI 0.2 make of it. */
import { countCall } from "../calls";
import { AGAIN, CONNRESET, PIPE } from "../errno";
import * as abi from "./abi";
import { charge, judgeHost } from "./budget";
import * as hub from "./hub";
import { Descriptor } from "./table";

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

export function readNow(from: Descriptor, buffer: usize, length: u32): i32 {
  hub.ensureReading(from);
  const n = min(length, from.len - from.at);
  if (n > 0) {
    memory.copy(buffer, from.buf + from.at, n);
    from.at += n;
    return n;
  }
  return from.ended ? from.failure : length == 0 ? 0 : -AGAIN;
}
export function peekNow(from: Descriptor): i32 {
  hub.ensureReading(from);
  return from.len > from.at ? 1 : from.ended ? from.failure : -AGAIN;
}
/** Writes to a connection. @returns the bytes, maybe fewer, -AGAIN, or another -errno */
export function writeConnection(to: Descriptor, buffer: usize, length: u32): i32 {
  if (to.output < 0) return -PIPE;
  if (to.blockedOut) return -AGAIN;
  countCall();
  let r = abi.sendWrite(to.output, buffer, length);
  if (r == abi.BLOCKED) {
    countCall();
    r = abi.sendCancel(to.output);
    if (r >> 4 < length) to.blockedOut = true;
  }
  if ((r & 15) == 1) return -CONNRESET;
  return r >> 4 == 0 ? -AGAIN : <i32>(r >> 4);
}

/** Bytes that one write may bring now. @returns them, 0 if there is no room, or -errno */
export function roomNow(to: Descriptor): i32 {
  return tryCheck(to);
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
