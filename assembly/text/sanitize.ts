/**
 * Makes bytes from a stranger fit for other people's terminals.
 *
 * UTF-8 is decoded first, since the bytes of C1 controls are also continuation bytes of innocent
 * letters. Then, character by character:
 *   - what is not UTF-8 (overlong, surrogate, cut off, beyond U+10FFFF) becomes U+FFFD, one for
 *     each byte that starts nothing valid
 *   - a C0 control becomes its picture (ESC is shown as U+241B), DEL becomes U+2421; a tab stays
 *   - C1 controls, bidirectional controls, separators of lines and what nobody can see (zero-width
 *     spaces, byte order marks, tags, invisible operators, annotations) become U+FFFD
 * Everything else passes as it came, joiners (U+200C, U+200D) too: words and emoji need them.
 */
import { consumed, decode, encode, REPLACEMENT } from "./utf8";

/** One byte in makes at most this many out. */
export const SANITIZE_GROWTH: u32 = 3;

const TAB: u32 = 0x09;
const SPACE: u32 = 0x20;
const DELETE: u32 = 0x7f;
const CONTROL_PICTURES: u32 = 0x2400;
const DELETE_PICTURE: u32 = 0x2421;

/**
 * Copies `length` bytes from `from` to `to`, made safe. There must be room for
 * `length * SANITIZE_GROWTH` bytes at `to`.
 *
 * @returns the bytes written
 */
export function sanitize(to: usize, from: usize, length: u32): u32 {
  const end = from + length;
  const start = from;
  let at = to;
  while (from < end) {
    // Most text is printable ASCII: it is copied, and looked at, sixteen bytes at a time.
    while (from + 16 <= end) {
      if (!isPlain(from)) break;
      v128.store(at, v128.load(from));
      from += 16;
      at += 16;
    }
    if (from >= end) break;
    // The rest is looked at together with some that is known, as long as nothing has grown.
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

/** Whether sixteen bytes are printable ASCII. */
// @ts-ignore: decorator
@inline
function isPlain(at: usize): bool {
  const shifted = i8x16.sub(v128.load(at), i8x16.splat(<i8>SPACE));
  return !v128.any_true(i8x16.ge_u(shifted, i8x16.splat(<i8>(DELETE - SPACE))));
}

/** The character itself, or what stands for it. */
function harmless(code: u32): u32 {
  if (code < SPACE) return code == TAB ? TAB : CONTROL_PICTURES + code;
  if (code == DELETE) return DELETE_PICTURE;
  if (code >= 0x80 && code <= 0x9f) return REPLACEMENT;
  return isBidirectionalControl(code) || isInvisible(code) ? REPLACEMENT : code;
}

/** Characters that take no room and change nothing that can be seen: they could carry anything. */
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

/** Marks that reorder the text around them (Unicode Bidi_Control), and line separators. */
function isBidirectionalControl(code: u32): bool {
  return (
    code == 0x061c ||
    code == 0x200e ||
    code == 0x200f ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}
