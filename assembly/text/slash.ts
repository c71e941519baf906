/**
 * Finds the slash that makes a line a command, even behind invisible characters.
 *
 * A private message must not become public because of a leading space, an arrow key or an input
 * method. So everything before the first visible character is skipped: spaces, controls, escape
 * sequences of keys, and invisible characters. Slashes of other scripts count, too.
 */

import { isUnseen } from "./unseen";
import { consumed, decode } from "./utf8";

const SPACE: u32 = 0x20;
const SLASH: u32 = 0x2f;
const DELETE: u32 = 0x7f;
const ESCAPE: u8 = 0x1b;
const OPEN_BRACKET: u8 = 0x5b;
const CAPITAL_O: u8 = 0x4f;

/**
 * Returns true if a line begins with a visible character of ASCII that is no slash. Nearly all
 * lines of text do: they need no other test.
 *
 * @param at the address of the line, which has `length` bytes of UTF-8
 */
// @ts-ignore: decorator
@inline
export function beginsWithText(at: usize, length: u32): bool {
  if (length == 0) return false;
  const first: u32 = load<u8>(at);
  return first > SPACE && first < DELETE && first != SLASH;
}

/**
 * Returns the offset of the text after the slash, if a line is a command.
 *
 * @param at the address of the line, which has `length` bytes of UTF-8
 * @returns the offset in bytes, or 0 if the first visible character is no slash
 */
export function afterSlash(at: usize, length: u32): u32 {
  let from: u32 = 0;
  while (from < length) {
    const code = decode(at + from, length - from);
    if (isSlash(code)) return from + consumed;
    if (code == ESCAPE) from += keyLength(at + from, length - from);
    else if (isUnseen(code)) from += consumed;
    else return 0;
  }
  return 0;
}

/**
 * Returns true if all characters of a line are invisible.
 *
 * @param at the address of the line, which has `length` bytes of UTF-8
 */
export function isBlank(at: usize, length: u32): bool {
  for (let from: u32 = 0; from < length; from += consumed) {
    if (!isUnseen(decode(at + from, length - from))) return false;
  }
  return true;
}

/** Returns true if the text begins with a slash of any script. */
export function beginsWithSlash(at: usize, length: u32): bool {
  return length > 0 && isSlash(decode(at, length));
}

/** Matches the slashes ASCII, full-width (from input methods), fraction, division and big. */
function isSlash(code: u32): bool {
  return code == SLASH || code == 0xff0f || code == 0x2044 || code == 0x2215 || code == 0x29f8;
}

/**
 * Returns the length of the escape sequence of a key in bytes: `ESC [ 200 ~`, `ESC [ [ A`, `ESC O
 * A`. Returns 1 for any other ESC.
 */
function keyLength(at: usize, length: u32): u32 {
  if (length < 3) return 1;
  const kind = load<u8>(at, 1);
  let last: u32 = 2;
  if (kind == OPEN_BRACKET) {
    if (length > 3 && load<u8>(at, 2) == OPEN_BRACKET && isFinal(load<u8>(at, 3))) return 4;
    while (last < length && (load<u8>(at + last) & 0xf0) == 0x30) last++;
  } else if (kind != CAPITAL_O) {
    return 1;
  }
  return last < length && isFinal(load<u8>(at + last)) ? last + 1 : 1;
}

/** Returns true if a byte ends an escape sequence. */
function isFinal(byte: u8): bool {
  return byte >= 0x40 && byte <= 0x7e;
}
