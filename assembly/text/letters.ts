/** What a character can be in a name, and how it is written. It does not know what a name is. */
import { RANGES, SYSTEMS } from "./unicode_classes";

export enum Kind {
  /** Not for names. */
  NONE,
  LETTER,
  /** Belongs to the letter before it. */
  MARK,
  DIGIT,
}

export function kindOf(code: u32): Kind {
  return (rangeOf(code) & 3) as Kind;
}

/** The writing systems that a character is of, a bit for each; all bits if it goes with any. */
export function systemsOf(code: u32): u64 {
  return SYSTEMS[(rangeOf(code) >> 2) & 0x7f];
}

function rangeOf(code: u32): u32 {
  let first = 0;
  let after = RANGES.length;
  while (after - first > 1) {
    const middle = (first + after) >>> 1;
    if (RANGES[middle] >>> 9 <= code) first = middle;
    else after = middle;
  }
  return RANGES[first];
}
