/**
 * Looks up characters in the tables of unicode_classes.ts: their kind, and the scripts that use
 * them. names.ts decides about names.
 */
import { RANGES, SYSTEMS } from "./unicode_classes";

export enum Kind {
  /** Not allowed in names. */
  NONE,
  LETTER,
  /** A combining mark, which belongs to the letter before it. */
  MARK,
  DIGIT,
}

export function kindOf(code: u32): Kind {
  return (rangeOf(code) & 3) as Kind;
}

/** Returns the scripts that use a character, as bits; all bits for a character of every script. */
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
