/**
 * Finds the slash that makes a line a command, also where something unseen stands before it.
 *
 * A private message must not be said in public because of a blank, an arrow key or an input method.
 * So everything before the first visible character is passed over: blanks, controls, the escape
 * sequences that keys send, and characters without a shape. Slashes of other scripts count as well.
 */

import { isUnseen } from "./unseen";
import { consumed, decode } from "./utf8";

const SLASH: u32 = 0x2f;
const ESCAPE: u8 = 0x1b;
const OPEN_BRACKET: u8 = 0x5b;
const CAPITAL_O: u8 = 0x4f;

/**
 * Where the text after the slash begins, if a line is a command.
 *
 * @param at address of the line, `length` bytes of UTF-8
 * @returns the bytes before and of the first slash, or 0 if the line's first visible character is
 * no slash
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
 * Returns true if nothing in a line can be seen.
 *
 * @param at address of the line, `length` bytes of UTF-8
 */
export function isBlank(at: usize, length: u32): bool {
  for (let from: u32 = 0; from < length; from += consumed) {
    if (!isUnseen(decode(at + from, length - from))) return false;
  }
  return true;
}

/** The text begins with a slash of any script. */
export function beginsWithSlash(at: usize, length: u32): bool {
  return length > 0 && isSlash(decode(at, length));
}

/** ASCII, full-width (input methods write it), fraction, division and big. */
function isSlash(code: u32): bool {
  return code == SLASH || code == 0xff0f || code == 0x2044 || code == 0x2215 || code == 0x29f8;
}

/** Bytes of what a key sends: `ESC [ 200 ~`, `ESC [ [ A`, `ESC O A`; of any other ESC, 1. */
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

/** Whether a byte ends an escape sequence. */
function isFinal(byte: u8): bool {
  return byte >= 0x40 && byte <= 0x7e;
}
