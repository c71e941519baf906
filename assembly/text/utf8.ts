/** Characters as UTF-8, one at a time. */

/** What stands for bytes that are no character. */
export const REPLACEMENT: u32 = 0xfffd;

/** Bytes of the sequence that {@link decode} has just read. */
export let consumed: u32 = 0;

/**
 * The character at `at`; its bytes are then in {@link consumed}.
 *
 * @param left bytes that may be read, at least 1
 * @returns {@link REPLACEMENT}, of one byte, if there is no character
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

/** Writes one character as UTF-8. @returns its bytes */
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
