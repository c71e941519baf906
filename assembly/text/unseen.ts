/** Recognises invisible characters: ignorable characters, white space and controls. */
import { IGNORABLES } from "./unicode_ignorables";

/** The smallest ignorable code point. */
const FIRST_IGNORABLE: u32 = 0xad;

/** Returns true for a character without a visible shape (Default_Ignorable_Code_Point). */
export function isIgnorable(code: u32): bool {
  if (code < FIRST_IGNORABLE) return false;
  let first = 0;
  let after = IGNORABLES.length;
  while (after - first > 1) {
    const middle = (first + after) >>> 1;
    if (IGNORABLES[middle] <= code) first = middle;
    else after = middle;
  }
  // A range begins at each even index, and ends before the code point at the next, odd one.
  return (first & 1) == 0 && code >= IGNORABLES[first];
}

/** Returns true for interlinear annotations, which are invisible, but not ignorable. */
export function isAnnotation(code: u32): bool {
  return code >= 0xfff9 && code <= 0xfffb;
}

/** Returns true for white space (White_Space), controls (Cc), annotations and ignorables. */
export function isUnseen(code: u32): bool {
  if (code <= 0x20 || (code >= 0x7f && code <= 0xa0)) return true;
  if (code >= 0x2000 && code <= 0x200a) return true;
  if (code == 0x1680 || code == 0x2028 || code == 0x2029) return true;
  if (code == 0x202f || code == 0x205f || code == 0x3000) return true;
  return isAnnotation(code) || isIgnorable(code);
}
