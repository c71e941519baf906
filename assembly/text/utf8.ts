/** Encodes and decodes UTF-8, one character at a time. */

/** The replacement for bytes that are no valid character. */
export const REPLACEMENT: u32 = 0xfffd;

/** The number of bytes that the last {@link decode} has read. */
export let consumed: u32 = 0;

/**
 * Decodes the character at `at`, and sets {@link consumed} to its length in bytes.
 *
 * @param left the number of readable bytes, at least 1
 * @returns its code point, or {@link REPLACEMENT}, with a length of 1, for invalid bytes
 */
export function decode(at: usize, left: u32): u32 {
  const first: u32 = load<u8>(at);
  consumed = 1;
  if (first < 0x80) return first;
  const size: u32 = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || size > left) return REPLACEMENT;
  let code: u32 = first & (0x7f >> size);
  for (let i: u32 = 1; i < size; i++) {
    const next: u32 = load<u8>(at + i);
    if ((next & 0xc0) != 0x80) return REPLACEMENT;
    code = (code << 6) | (next & 0x3f);
  }
  if (size == 3 && (code < 0x800 || (code >= 0xd800 && code <= 0xdfff))) return REPLACEMENT;
  if (size == 4 && (code < 0x10000 || code > 0x10ffff)) return REPLACEMENT;
  consumed = size;
  return code;
}

/** Encodes one character. @returns its length in bytes */
export function encode(at: usize, code: u32): u32 {
  if (code < 0x80) {
    store<u8>(at, <u8>code);
    return 1;
  }
  const size: u32 = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  let rest = code;
  for (let i = size - 1; i > 0; i--) {
    store<u8>(at + i, <u8>(0x80 | (rest & 0x3f)));
    rest >>= 6;
  }
  store<u8>(at, <u8>((0xf00 >> size) | rest));
  return size;
}
