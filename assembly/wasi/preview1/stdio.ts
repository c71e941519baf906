/** The three descriptors that every program is given: 0 to read, 1 and 2 to write. */
import { errno, fd_read, fd_write, filetype, iovec } from "./abi";
import { countCall } from "../calls";
import { filetypeOf } from "./descriptors";
import { NOT_READY, pollOne, READY, WRITE } from "./poll";
import { Fd, STDIN } from "../fd";

const out = memory.data(8);
const vector = memory.data(8);

/**
 * Reads stdin. Waits if nothing is there (stdin cannot be made non-blocking): ask a selector first.
 *
 * @returns the bytes read, 0 at the end, or -errno
 */
export function readStdin(buffer: usize, length: u32): i32 {
  countCall();
  changetype<iovec>(vector).buf = buffer;
  changetype<iovec>(vector).buf_len = length;
  const code = fd_read(STDIN, vector, 1, out);
  return code == errno.SUCCESS ? load<i32>(out) : -(<i32>code);
}

/** Writes to stdout or stderr; waits if the reader at the other end does not read. */
export function write(fd: Fd, buffer: usize, length: u32): i32 {
  countCall();
  changetype<iovec>(vector).buf = buffer;
  changetype<iovec>(vector).buf_len = length;
  const code = fd_write(fd, vector, 1, out);
  return code == errno.SUCCESS ? load<i32>(out) : -(<i32>code);
}

/** A pipe or a socket that is ready has room for at least this much (PIPE_BUF), in bytes. */
const ROOM_BYTES: u32 = 4096;
/** A terminal is ready as soon as it has any room at all. */
const TERMINAL_ROOM_BYTES: u32 = 1;

/**
 * Writes as much as there is room for now. Never waits, although the descriptor is a blocking one:
 * it is asked before each write, and no write is longer than what a ready one is sure to take.
 *
 * @returns the bytes written, maybe 0, or -errno (-PIPE also for a reader that has gone)
 */
export function writeWhatFits(fd: Fd, buffer: usize, length: u32): i32 {
  const isTerminal = filetypeOf(fd) == filetype.CHARACTER_DEVICE;
  const most = isTerminal ? TERMINAL_ROOM_BYTES : ROOM_BYTES;
  let done: u32 = 0;
  while (done < length) {
    const state = pollOne(fd, WRITE);
    if (state == NOT_READY) return done;
    if (state != READY) return state < 0 ? state : -(<i32>errno.PIPE);
    const written = write(fd, buffer + done, min(length - done, most));
    if (written <= 0) return written < 0 ? written : -(<i32>errno.PIPE);
    done += written;
  }
  return done;
}

/**
 * Whether stdin can be waited for: it is a terminal or a pipe.
 *
 * wasmtime 36 asks stdin with FIONREAD once poll(2) says "ready", and traps if the answer is
 * ENOTTY, which is what /dev/null says. Asking about a *write* is safe, and tells them apart: the
 * reading end of a pipe has no room to write (or is hung up), /dev/null always has. A socket has
 * room as well and cannot be told from /dev/null: this answers false for both, and for a plain
 * file.
 */
export function looksWatchable(): bool {
  const type = filetypeOf(STDIN);
  if (type < 0) return false;
  return type == filetype.CHARACTER_DEVICE || pollOne(STDIN, WRITE) != READY;
}
