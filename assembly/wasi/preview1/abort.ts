/**
 * What happens when an assertion fails: one line with the place, then exit code 70. Compiled in
 * with `--use abort=...`, so it may allocate nothing: the heap is what may have failed.
 */
import { fd_write, iovec, proc_exit } from "./abi";

const MESSAGE_BYTES: usize = 512;
const buffer = memory.data(512);
const vector = memory.data(8);
const written = memory.data(8);

/** Replaces AssemblyScript's `abort`. The exit code is `Exit.SOFTWARE` (sysexits.h). */
export function abort(
  message: string | null = null,
  file: string | null = null,
  line: u32 = 0,
  column: u32 = 0,
): void {
  let end = ascii(buffer, "pollcast: internal error: ");
  end = ascii(end, message === null ? "assertion failed" : message);
  end = ascii(end, " at ");
  end = ascii(end, file === null ? "?" : file);
  end = ascii(end, ":");
  end = decimal(end, line);
  end = ascii(end, ":");
  end = decimal(end, column);
  end = ascii(end, "\n");
  changetype<iovec>(vector).buf = buffer;
  changetype<iovec>(vector).buf_len = end - buffer;
  fd_write(2, vector, 1, written);
  proc_exit(70);
}

/** Appends a text, one byte a character, as far as it fits. */
function ascii(at: usize, text: string): usize {
  const last = buffer + MESSAGE_BYTES - 16;
  for (let i = 0; i < text.length && at < last; i++) store<u8>(at++, <u8>text.charCodeAt(i));
  return at;
}

function decimal(at: usize, value: u32): usize {
  let divisor: u32 = 1;
  while (value / divisor >= 10) divisor *= 10;
  for (; divisor > 0; divisor /= 10) store<u8>(at++, <u8>(48 + ((value / divisor) % 10)));
  return at;
}
