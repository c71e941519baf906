/**
 * The key for comparing names. Two names have the same key if they look alike, or differ only in
 * case, width or the encoding of accents. (The key is Unicode's skeleton, UTS #39, of the name in
 * lower case.) A key is only for comparison, not for display.
 *
 * Some capitals look like other letters than their small letters do. A name with one of them has a
 * second key, for how it looks.
 */
import { Kind, kindOf } from "./letters";
import {
  CAPITALS,
  PAIR_FIRST,
  PAIR_FROM,
  PAIR_SECOND,
  PAIRS_PLANE_1,
  RUN_FROM,
  RUN_HOW,
  RUN_TO,
  RUNS_PLANE_1,
  SECONDS,
} from "./unicode_folds";

/** The most characters of a name. A longer name has no key. */
export const FOLD_CHARACTERS: i32 = 32;

/** The most characters that one character folds to; a spec tries all of Unicode. */
const GROWTH: i32 = 6;
const DOT_ABOVE: u32 = 0x307;
const DOTTED_I: u32 = 0x6c; // i, l, I and 1 all fold to l
const DOTTED_J: u32 = 0x6a;

const HANGUL: u32 = 0xac00;
const HANGUL_COUNT: u32 = 11_172;
const LEADING: u32 = 0x1100;
const VOWEL: u32 = 0x1161;
const VOWELS: u32 = 21;
const TRAILING: u32 = 0x11a7;
const TRAILINGS: u32 = 28;

/**
 * A cache of the folds of ASCII characters that fold to one character; 0: not computed yet, or
 * several.
 */
const PLAIN: u32 = 128;
/** The parts of an entry of CAPITALS. */
const ASCII_BITS: u32 = 7;
const ASCII_MASK: u32 = 127;
const plain = new StaticArray<u32>(<i32>PLAIN);

/** The key under construction. */
const folded = new StaticArray<u32>(FOLD_CHARACTERS * GROWTH);
let length: i32 = 0;
const units = new StaticArray<u16>(FOLD_CHARACTERS * GROWTH * 2);
/** The index where the combining marks at the end of `folded` begin. */
let marks: i32 = 0;

/** Returns the key of a name, or an empty text if the name is too long. */
export function foldName(name: string): string {
  return foldText(name, false);
}

/**
 * Returns the key of what a name looks like if some of its capitals look like Latin letters or
 * digits, while their small letters look different: Greek capitals can look like NINA. Returns an
 * empty text if it has no such capital, or is too long.
 */
export function foldCapitals(name: string): string {
  for (let at = 0; at < name.length; at++) {
    if (<u32>name.charCodeAt(at) >= PLAIN && findCapital(name.codePointAt(at)) >= 0) {
      return foldText(name, true);
    }
  }
  return "";
}

function foldText(name: string, seesCapitals: bool): string {
  length = 0;
  marks = 0;
  let characters = 0;
  for (let at = 0; at < name.length; characters++) {
    if (characters == FOLD_CHARACTERS) return "";
    const code: u32 = name.codePointAt(at);
    at += code > 0xffff ? 2 : 1;
    if (code < PLAIN) foldPlain(code);
    else if (seesCapitals) foldSeen(code);
    else fold(code);
  }
  return asText();
}

/**
 * Folds an ASCII character with the cache: most names are ASCII, and each new client has a name.
 */
function foldPlain(code: u32): void {
  const known = plain[code];
  if (known != 0) {
    folded[length++] = known;
    marks = length;
    return;
  }
  const before = length;
  fold(code);
  if (length == before + 1) plain[code] = folded[before];
}

/** Folds a character; a capital with a look of its own to that look and its marks. */
function foldSeen(code: u32): void {
  const before = length;
  fold(code);
  const at = findCapital(code);
  if (at < 0) return;
  const letters = folded.slice<StaticArray<u32>>(before, length);
  length = before;
  foldPlain((CAPITALS[at] >> ASCII_BITS) & ASCII_MASK);
  const second = CAPITALS[at] & ASCII_MASK;
  if (second != 0) foldPlain(second);
  for (let i = 0; i < letters.length; i++) if (kindOf(letters[i]) == Kind.MARK) append(letters[i]);
}

/** Returns the index of a capital in CAPITALS, or -1. */
function findCapital(code: u32): i32 {
  for (let i = 0; i < CAPITALS.length; i++) {
    if (CAPITALS[i] >> (2 * ASCII_BITS) == code) return i;
  }
  return -1;
}

/** Folds a character until nothing changes: the result of one step may fold again. */
function fold(code: u32): void {
  if (code - HANGUL < HANGUL_COUNT) return foldSyllable(code - HANGUL);
  const run = find(RUN_FROM, code, RUNS_PLANE_1);
  if (run >= 0) {
    const offset = (code & 0xffff) - RUN_FROM[run];
    const stride: u32 = (RUN_HOW[run] & 1) + 1;
    const count: u32 = RUN_HOW[run] >> 1;
    if (offset % stride == 0 && offset / stride < count) {
      return fold(inPlane(code, RUN_TO[run] + offset));
    }
  }
  const pair = find(PAIR_FROM, code, PAIRS_PLANE_1);
  if (pair < 0 || PAIR_FROM[pair] != (code & 0xffff)) return append(code);
  fold(inPlane(code, PAIR_FIRST[pair]));
  fold(inPlane(code, SECONDS[PAIR_SECOND[pair]]));
}

function inPlane(code: u32, lowerBits: u32): u32 {
  return (code & 0xffff0000) | lowerBits;
}

/** Returns the index of the last entry that is at most `code`, in its plane, or -1. */
function find(table: StaticArray<u16>, code: u32, plane1: i32): i32 {
  if (code > 0x1ffff) return -1;
  const least = code > 0xffff ? plane1 : 0;
  let first = least - 1;
  let after = code > 0xffff ? table.length : plane1;
  while (after - first > 1) {
    const middle = (first + after) >>> 1;
    if (<u32>table[middle] <= (code & 0xffff)) first = middle;
    else after = middle;
  }
  return first < least ? -1 : first;
}

/**
 * Folds a Korean syllable to its letters. The code points of syllables are in the order of their
 * letters.
 */
function foldSyllable(index: u32): void {
  fold(LEADING + index / (VOWELS * TRAILINGS));
  fold(VOWEL + ((index / TRAILINGS) % VOWELS));
  if (index % TRAILINGS > 0) fold(TRAILING + (index % TRAILINGS));
}

/**
 * Appends a character to the key. Marks on one letter are sorted by code point, since Unicode can
 * encode their order in several ways. A dot above a letter that has a dot is dropped: it is
 * invisible.
 */
function append(code: u32): void {
  if (kindOf(code) != Kind.MARK) {
    folded[length++] = code;
    marks = length;
    return;
  }
  const letter: u32 = marks > 0 ? folded[marks - 1] : 0;
  if (code == DOT_ABOVE && (letter == DOTTED_I || letter == DOTTED_J)) return;
  let at = length++;
  for (; at > marks && folded[at - 1] > code; at--) folded[at] = folded[at - 1];
  folded[at] = code;
}

function asText(): string {
  let size = 0;
  for (let i = 0; i < length; i++) {
    const code = folded[i];
    if (code > 0xffff) units[size++] = <u16>(0xd7c0 + (code >> 10));
    units[size++] = <u16>(code > 0xffff ? 0xdc00 | (code & 0x3ff) : code);
  }
  return String.UTF16.decodeUnsafe(changetype<usize>(units), size << 1);
}
