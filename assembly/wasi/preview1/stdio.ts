/** Standard input, output and error, on preview1. */
import { errno, fd_read, fd_write, filetype, iovec } from "./abi";
import { countCall } from "../calls";
import { filetypeOf } from "./descriptors";
import { NOT_READY, pollOne, READY, WRITE } from "./poll";
import { Fd, STDIN } from "../fd";

const out = memory.data(8);
const vector = memory.data(8);

/**
 * Reads stdin. Without input it blocks, since stdin cannot be made non-blocking: ask a selector
 * first.
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

/**
 * Writes to stdout or stderr. Blocks while the reader does not read.
 *
 * @returns the bytes taken, maybe fewer than `length`, or -errno
 */
export function write(fd: Fd, buffer: usize, length: u32): i32 {
  countCall();
  changetype<iovec>(vector).buf = buffer;
  changetype<iovec>(vector).buf_len = length;
  const code = fd_write(fd, vector, 1, out);
  return code == errno.SUCCESS ? load<i32>(out) : -(<i32>code);
}

/** The bytes that a pipe or a socket surely takes when it is writable (PIPE_BUF). */
const ROOM_BYTES: u32 = 4096;
/** The bytes that a terminal surely takes when it is writable. */
const TERMINAL_ROOM_BYTES: u32 = 1;

/**
 * Writes as many bytes as fit now. Never blocks, although the descriptor is a blocking one: it
 * polls before each write, and writes no more than a writable descriptor surely takes.
 *
 * @returns the bytes written, maybe 0, or -errno (-PIPE if the reader is gone)
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
 * Returns true if stdin can be polled: it is a terminal or a pipe.
 *
 * If poll(2) reports stdin as readable, wasmtime 36 calls FIONREAD on it, and traps if that fails
 * with ENOTTY, as it does for /dev/null. A poll for *writing* is safe, and tells them apart: the
 * read end of a pipe is not writable (or is hung up), /dev/null always is. A socket is writable as
 * well, so it looks like /dev/null: this returns false for both, and for a regular file.
 */
export function looksWatchable(): bool {
  const type = filetypeOf(STDIN);
  if (type < 0) return false;
  return type == filetype.CHARACTER_DEVICE || pollOne(STDIN, WRITE) != READY;
}
