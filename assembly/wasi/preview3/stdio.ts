/** The three descriptors that every component is given: 0 to read, 1 and 2 to write. */
import { countCall } from "../calls";
import { AGAIN, BADF } from "../errno";
import { Fd, STDERR, STDIN, STDOUT } from "../fd";
import * as abi from "./abi";
import { flushNow, readNow, roomNow, writeNow } from "./stream";
import { Descriptor, enterStandard, find } from "./table";
import { waitFor } from "./wait";

/** The most that one call may write if it waits. */
const WAITING_WRITE_BYTES: u32 = 4096;

/** Asks the host for the stream of a standard descriptor, the first time that it is needed. */
export function openStandard(fd: Fd): Descriptor | null {
  enterStandard();
  const found = find(fd);
  if (found === null || fd > STDERR) return found;
  if (fd == STDIN && found.input == abi.NO_HANDLE) {
    countCall();
    abi.stdinVia(abi.RESULT);
    found.input = load<i32>(abi.RESULT);
    abi.stdinFutureDrop(load<i32>(abi.RESULT, 4));
    found.fd = STDIN;
  } else if (fd != STDIN && found.output == abi.NO_HANDLE) {
    countCall();
    found.output = fd == STDOUT ? abi.getStdout() : abi.getStderr();
  }
  return found;
}

/** Reads stdin, without waiting. @returns the bytes, 0 at the end, -AGAIN, or another -errno */
export function readStdin(buffer: usize, length: u32): i32 {
  const stdin = openStandard(STDIN);
  return stdin === null ? -BADF : readNow(stdin, buffer, length);
}

/** Writes, and waits until it is written. */
export function write(fd: Fd, buffer: usize, length: u32): i32 {
  const to = openStandard(fd);
  if (to === null || to.output == abi.NO_HANDLE) return -BADF;
  while (true) {
    const written = writeSome(to, buffer, min(length, WAITING_WRITE_BYTES));
    if (written != -AGAIN) return written;
    waitFor(to, true);
  }
}

/**
 * Writes as much as there is room for. wasmtime says that there always is, and then waits: with it,
 * whoever pauses the terminal pauses the program.
 */
export function writeWhatFits(fd: Fd, buffer: usize, length: u32): i32 {
  const to = openStandard(fd);
  if (to === null || to.output == abi.NO_HANDLE) return -BADF;
  let done: u32 = 0;
  while (done < length) {
    const written = writeSome(to, buffer + done, length - done);
    if (written == -AGAIN) return done;
    if (written < 0) return written;
    done += written;
  }
  return done;
}

function writeSome(to: Descriptor, buffer: usize, length: u32): i32 {
  const room = roomNow(to);
  if (room <= 0) return room == 0 ? -AGAIN : room;
  const bytes = min<u32>(room, length);
  const error = writeNow(to, buffer, bytes);
  if (error != 0) return error;
  const failed = flushNow(to);
  return failed != 0 ? failed : <i32>bytes;
}
