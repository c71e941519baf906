/**
 * Makes untrusted text safe for a terminal.
 *
 * The text is decoded as UTF-8 first, since bytes of C1 controls also occur inside valid
 * characters. Then each character is mapped:
 * - Invalid UTF-8 (overlong, a surrogate, incomplete, above U+10FFFF) becomes U+FFFD, one for each
 *   byte that does not begin a valid character.
 * - A C0 control becomes its control picture (ESC becomes U+241B), DEL becomes U+2421. A tab stays.
 * - C1 controls, bidirectional controls, line separators and invisible characters (zero-width
 *   spaces, byte order marks, tags, invisible operators, annotations) become U+FFFD.
 *
 * All other characters stay as they are, also the joiners U+200C and U+200D, which words and emoji
 * need.
 */
import { consumed, decode, encode, REPLACEMENT } from "./utf8";

/** The factor by which sanitizing can lengthen a text, in bytes. */
export const SANITIZE_GROWTH: u32 = 3;

const TAB: u32 = 0x09;
const SPACE: u32 = 0x20;
const DELETE: u32 = 0x7f;
const CONTROL_PICTURES: u32 = 0x2400;
const DELETE_PICTURE: u32 = 0x2421;

/**
 * Copies `length` bytes from `from` to `to`, sanitized. There must be room for `length *
 * SANITIZE_GROWTH` bytes at `to`.
 *
 * @returns the bytes written
 */
export function sanitize(to: usize, from: usize, length: u32): u32 {
  const end = from + length;
  const start = from;
  let at = to;
  while (from < end) {
    // Most text is printable ASCII, which is copied and tested 16 bytes at a time.
    while (from + 16 <= end) {
      if (!isPlain(from)) break;
      v128.store(at, v128.load(from));
      from += 16;
      at += 16;
    }
    if (from >= end) break;
    // The rest is shorter than 16 bytes: the last 16 bytes are tested and copied again, which is
    // right only while the output has the length of the input.
    if (end - from < 16 && length >= 16 && at - to == from - start && isPlain(end - 16)) {
      v128.store(at + (end - from) - 16, v128.load(end - 16));
      return length;
    }
    const byte: u32 = load<u8>(from);
    if (byte >= SPACE && byte < DELETE) {
      store<u8>(at++, <u8>byte);
      from++;
      continue;
    }
    const code = decode(from, <u32>(end - from));
    from += consumed;
    at += encode(at, harmless(code));
  }
  return <u32>(at - to);
}

/** Returns true if the 16 bytes at `at` are printable ASCII. */
// @ts-ignore: decorator
@inline
function isPlain(at: usize): bool {
  const shifted = i8x16.sub(v128.load(at), i8x16.splat(<i8>SPACE));
  return !v128.any_true(i8x16.ge_u(shifted, i8x16.splat(<i8>(DELETE - SPACE))));
}

/** Returns the character itself, or its harmless replacement. */
function harmless(code: u32): u32 {
  if (code < SPACE) return code == TAB ? TAB : CONTROL_PICTURES + code;
  if (code == DELETE) return DELETE_PICTURE;
  if (code >= 0x80 && code <= 0x9f) return REPLACEMENT;
  return isBidirectionalControl(code) || isInvisible(code) ? REPLACEMENT : code;
}

/** Returns true for invisible characters without any effect: they could carry hidden data. */
function isInvisible(code: u32): bool {
  return (
    code == 0x180e ||
    code == 0x200b ||
    (code >= 0x2060 && code <= 0x206f) ||
    code == 0xfeff ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe007f)
  );
}

/**
 * Returns true for characters that reorder text (Unicode Bidi_Control), and for line separators.
 */
function isBidirectionalControl(code: u32): bool {
  return (
    code == 0x061c ||
    code == 0x200e ||
    code == 0x200f ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}
