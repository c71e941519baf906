/**
 * Formats the line that a failed assertion prints. It does not use the heap, which may be the
 * cause.
 */

const LINE_BYTES: usize = 512;
/** The buffer of the line. */
export const LINE: usize = memory.data(512);

/** Writes the line to {@link LINE}. @returns its length in bytes */
export function abortLine(
  message: string | null,
  file: string | null,
  line: u32,
  column: u32,
): usize {
  let end = ascii(LINE, "pollcast: internal error: ");
  end = ascii(end, message === null ? "assertion failed" : message);
  end = ascii(end, " at ");
  end = ascii(end, file === null ? "?" : file);
  end = ascii(end, ":");
  end = decimal(end, line);
  end = ascii(end, ":");
  end = decimal(end, column);
  end = ascii(end, "\n");
  return end - LINE;
}

/**
 * Appends a text, one byte for each character, cut at the end of the buffer.
 *
 * @returns the new end
 */
function ascii(at: usize, text: string): usize {
  const last = LINE + LINE_BYTES - 16;
  for (let i = 0; i < text.length && at < last; i++) store<u8>(at++, <u8>text.charCodeAt(i));
  return at;
}

function decimal(at: usize, value: u32): usize {
  let divisor: u32 = 1;
  while (value / divisor >= 10) divisor *= 10;
  for (; divisor > 0; divisor /= 10) store<u8>(at++, <u8>(48 + ((value / divisor) % 10)));
  return at;
}
