/** The three descriptors that every program is given: 0 to read, 1 and 2 to write. */
import { Fd } from "./fd";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/stdio";
import * as preview3 from "./preview3/stdio";

export { STDERR, STDIN, STDOUT } from "./fd";

/**
 * The least that a read of stdin should ask for, in bytes: wasmtime's preview1 buffers as much, and
 * a shorter read would leave the rest where `poll_oneoff` cannot see it.
 */
export const STDIN_READ_BYTES: u32 = 8192;

/**
 * Reads stdin. Ask a selector first: if nothing is there, this waits, or (in a component) answers
 * -AGAIN.
 *
 * @returns the bytes read, 0 at the end, or -errno
 */
export function readStdin(buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.readStdin(buffer, length);
  return preview1.readStdin(buffer, length);
}

/** Writes to stdout or stderr; waits if the reader at the other end does not read. */
export function write(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.write(fd, buffer, length);
  return preview1.write(fd, buffer, length);
}

/** Writes a text, all of it unless the descriptor fails. */
export function writeText(fd: Fd, text: string): void {
  const bytes = String.UTF8.encode(text);
  const start = changetype<usize>(bytes);
  let done: u32 = 0;
  while (done < <u32>bytes.byteLength) {
    const written = write(fd, start + done, <u32>bytes.byteLength - done);
    if (written <= 0) return;
    done += written;
  }
}

/**
 * Writes as much as there is room for now, and does not wait, as far as the host allows it.
 *
 * @returns the bytes written, maybe 0, or -errno (-PIPE also for a reader that has gone)
 */
export function writeWhatFits(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.writeWhatFits(fd, buffer, length);
  return preview1.writeWhatFits(fd, buffer, length);
}

/** Writes a text as far as there is room for it now; the rest is lost. Never waits. */
export function writeIfRoom(fd: Fd, text: string): void {
  const bytes = String.UTF8.encode(text);
  writeWhatFits(fd, changetype<usize>(bytes), bytes.byteLength);
}

/** Whether stdin can be waited for: in preview1 if it is a terminal or a pipe. */
export function looksWatchable(): bool {
  if (IS_COMPONENT) return true;
  return preview1.looksWatchable();
}
