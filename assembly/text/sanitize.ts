/**
 * Makes untrusted text safe for a terminal.
 *
 * The text is decoded as UTF-8 first, since bytes of C1 controls also occur inside valid
 * characters. Then each character is mapped:
 * - Invalid UTF-8 (overlong, a surrogate, incomplete, above U+10FFFF) becomes U+FFFD, one for each
 *   byte that does not begin a valid character.
 * - A C0 control becomes its control picture (ESC becomes U+241B), DEL becomes U+2421. A tab stays.
 * - C1 controls, line separators, annotations and invisible characters (Unicode's
 *   Default_Ignorable_Code_Point: zero-width spaces, bidirectional controls, tags and others)
 *   become U+FFFD, since they could hide text or change its order.
 * - Some invisible characters stay after a character that they belong to, since words and emoji
 *   need them ({@link isNeeded}).
 * - Of a run of blanks, the first one and BLANKS_MOST others stay: padding must not move a text to
 *   the begin of the terminal's next row, where it would look like a line of the server.
 *
 * All other characters stay as they are.
 */
import { isAnnotation, isIgnorable } from "./unseen";
import { consumed, decode, encode, REPLACEMENT } from "./utf8";

/** The factor by which sanitizing can lengthen a text, in bytes. */
export const SANITIZE_GROWTH: u32 = 3;

/** A row of blanks is cut to one blank of any kind and this many spaces. @limit blanks */
export const BLANKS_MOST: i32 = 8;
/** BLANKS_MOST spaces, as a number of 8 bytes. */
const BLANKS: u64 = 0x2020_2020_2020_2020;
const TWO_SPACES: u16 = 0x2020;

const TAB: u32 = 0x09;
const SPACE: u32 = 0x20;
const DELETE: u32 = 0x7f;
const CONTROL_PICTURES: u32 = 0x2400;
const DELETE_PICTURE: u32 = 0x2421;

const NON_JOINER: u32 = 0x200c;
const JOINER: u32 = 0x200d;
const TEXT_STYLE: u32 = 0xfe0e;
const EMOJI_STYLE: u32 = 0xfe0f;
const BLACK_FLAG: u32 = 0x1f3f4;
const TAG_END: u32 = 0xe007f;
/** The most tags of a region's flag, such as `gbeng`. */
const FLAG_TAGS: u32 = 6;
/** No character: the beginning of the text. */
const NONE: u32 = 0;

/** The character before the one that is tested. */
let before: u32 = NONE;
/** The number of tag characters since a black flag. */
let tags: u32 = 0;

/**
 * Copies `length` bytes from `from` to `to`, sanitized. At `to` there must be room for
 * `length * SANITIZE_GROWTH` bytes.
 *
 * @returns the bytes written
 */
export function sanitize(to: usize, from: usize, length: u32): u32 {
  const end = from + length;
  const start = from;
  let at = to;
  before = NONE;
  tags = 0;
  while (from < end) {
    // Most text is printable ASCII, which is copied and tested 16 bytes at a time.
    // A run of spaces that has begun is counted one by one.
    const isInRun = at > to && load<u8>(at - 1) == SPACE && load<u8>(from) == SPACE;
    while (from + 16 <= end) {
      if (isInRun || !isPlain(from)) break;
      v128.store(at, v128.load(from));
      from += 16;
      at += 16;
    }
    if (from >= end) break;
    // Fewer than 16 bytes are left: the last 16 bytes are tested and copied again, which is right
    // only while the output has the length of the input.
    const isSame = end - from < 16 && length >= 16 && at - to == from - start;
    if (isSame && isPlain(end - 16) && !(length > 16 && load<u16>(end - 17) == TWO_SPACES)) {
      v128.store(at + (end - from) - 16, v128.load(end - 16));
      return length;
    }
    const byte: u32 = load<u8>(from);
    if (byte >= SPACE && byte < DELETE) {
      from++;
      if (byte == SPACE && hasBlanks(to, at)) continue;
      store<u8>(at++, <u8>byte);
      continue;
    }
    // The loop for ASCII above does not update `before`.
    if (at > to && load<u8>(at - 1) < 0x80) before = load<u8>(at - 1);
    const code = decode(from, <u32>(end - from));
    from += consumed;
    const safe = harmless(code);
    // A blank after another blank becomes a space, so that the spaces in a row can be counted.
    const next = isWide(safe) && (before == SPACE || isWide(before)) ? SPACE : safe;
    before = next;
    if (next == SPACE && hasBlanks(to, at)) continue;
    at += encode(at, next);
  }
  return <u32>(at - to);
}

/**
 * Returns true if the 16 bytes at `at` are printable ASCII, and no group of 4 of them is only
 * spaces. So a row of such bytes has at most six spaces in a row, BLANKS_MOST where the last 16
 * bytes overlap the ones before.
 */
// @ts-ignore: decorator
@inline
function isPlain(at: usize): bool {
  const shifted = i8x16.sub(v128.load(at), i8x16.splat(<i8>SPACE));
  const others = i8x16.ge_u(shifted, i8x16.splat(<i8>(DELETE - SPACE)));
  const blanks = i32x4.eq(shifted, i32x4.splat(0));
  return !v128.any_true(v128.or(others, blanks));
}

/** Returns true if the text from `to` to `at` ends with as many spaces as a row may have. */
function hasBlanks(to: usize, at: usize): bool {
  return at - to >= <usize>BLANKS_MOST && load<u64>(at - BLANKS_MOST) == BLANKS;
}

/** Returns true for a blank that is no space: a tab, and the blanks of other scripts. */
function isWide(code: u32): bool {
  if (code == TAB || code == 0xa0 || code == 0x3000 || code == 0x2800 || code == 0x1680)
    return true;
  return (code >= 0x2000 && code <= 0x200a) || code == 0x202f || code == 0x205f;
}

/** Returns the character itself, or its harmless replacement. */
function harmless(code: u32): u32 {
  if (code < SPACE) return code == TAB ? TAB : CONTROL_PICTURES + code;
  if (code == DELETE) return DELETE_PICTURE;
  if (code >= 0x80 && code <= 0x9f) return REPLACEMENT;
  if (code == 0x2028 || code == 0x2029 || isAnnotation(code)) return REPLACEMENT;
  return !isIgnorable(code) || isNeeded(code) ? code : REPLACEMENT;
}

/**
 * Returns true if an invisible character belongs to the one before it: a joiner in a word or
 * between emoji, a style of an emoji or of a key (`1` U+FE0F U+20E3), a variant of a Mongolian
 * letter, the tags of a flag. Each character has at most one, so that a row of them cannot hide a
 * text.
 */
function isNeeded(code: u32): bool {
  if (isTag(code) || code == TAG_END) return isTagOfFlag(code);
  if (before == REPLACEMENT) return false;
  if (code == TEXT_STYLE || code == EMOJI_STYLE) return isShape(before) || isKey(before);
  if (code == JOINER && before == EMOJI_STYLE) return true;
  if (code == JOINER || code == NON_JOINER) return isShape(before);
  return code >= 0x180b && code <= 0x180f && before >= 0x1820 && before <= 0x18aa;
}

function isTagOfFlag(code: u32): bool {
  if (before == BLACK_FLAG) tags = 0;
  else if (!isTag(before)) return false;
  if (code == TAG_END) return tags > 0;
  return ++tags <= FLAG_TAGS;
}

/** Returns true for a tag that stands for a digit or a small letter. */
function isTag(code: u32): bool {
  return (code >= 0xe0030 && code <= 0xe0039) || (code >= 0xe0061 && code <= 0xe007a);
}

function isShape(code: u32): bool {
  return code > DELETE && !isIgnorable(code) && !isWide(code);
}

/** Returns true for the keys of a telephone (digits, # and *), which form emoji with a style. */
function isKey(code: u32): bool {
  return (code >= 0x30 && code <= 0x39) || code == 0x23 || code == 0x2a;
}
