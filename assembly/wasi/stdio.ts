/** Standard input, output and error. */
import { Fd } from "./fd";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/stdio";
import * as preview3 from "./preview3/stdio";

export { STDERR, STDIN, STDOUT } from "./fd";

/**
 * The smallest buffer for a read of stdin, in bytes. wasmtime's preview1 buffers this much. A
 * shorter read would leave bytes in that buffer, where `poll_oneoff` does not see them.
 */
export const STDIN_READ_BYTES: u32 = 8192;

/**
 * Reads stdin. Ask a selector first: without input, this blocks, or in a component returns -AGAIN.
 *
 * @returns the bytes read, 0 at the end, or -errno
 */
export function readStdin(buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.readStdin(buffer, length);
  return preview1.readStdin(buffer, length);
}

/**
 * Writes to stdout or stderr. Blocks while the reader does not read.
 *
 * @returns the bytes taken, maybe fewer than `length`, or -errno
 */
export function write(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.write(fd, buffer, length);
  return preview1.write(fd, buffer, length);
}

/** Writes a whole text, and blocks if it must. Stops at an error. */
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
 * Writes as many bytes as fit now, without blocking, as far as the host allows that.
 *
 * @returns the bytes written, maybe 0, or -errno (-PIPE if the reader is gone)
 */
export function writeWhatFits(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.writeWhatFits(fd, buffer, length);
  return preview1.writeWhatFits(fd, buffer, length);
}

/**
 * Writes as much of a text as fits now, and drops the rest. Never blocks, as far as the host allows
 * that.
 */
export function writeIfRoom(fd: Fd, text: string): void {
  const bytes = String.UTF8.encode(text);
  writeWhatFits(fd, changetype<usize>(bytes), bytes.byteLength);
}

/**
 * Returns true if stdin can be registered with a selector: on preview1 if it is a terminal or a
 * pipe.
 */
export function looksWatchable(): bool {
  if (IS_COMPONENT) return true;
  return preview1.looksWatchable();
}
