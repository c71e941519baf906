/**
 * Reference implementations for parts of assembly/text and assembly/net: the same results, computed
 * in another way with JavaScript's own means.
 */
import { type Line, LineSplitter } from "../../../../lab/sim/model/line_splitter.js";

/** A stream of bytes that looks random and is the same in each run (mulberry32). */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Bytes and characters on which decoders stumble. */
// prettier-ignore
const TROUBLE = [
  [0x00], [0x09], [0x0a], [0x0d], [0x1b], [0x1f], [0x20], [0x7e], [0x7f], [0x80], [0xbf], [0xc0],
  [0xc1, 0xbf], [0xc2], [0xc2, 0x80], [0xc2, 0x9f], [0xc2, 0xa0], [0xd8, 0x9c], [0xdf, 0xbf],
  [0xe0, 0x80, 0x80], [0xe0, 0x9f, 0xbf], [0xe0, 0xa0, 0x80], [0xe2, 0x80, 0x8d],
  [0xe2, 0x80, 0x8e], [0xe2, 0x80, 0xa8], [0xe2, 0x80, 0xae], [0xe2, 0x81, 0xa6], [0xe2, 0x81, 0xa9],
  [0xe2, 0x82], [0xed, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xee, 0x80, 0x80],
  [0xef, 0xbf, 0xbd], [0x31], [0xc2, 0xad], [0xef, 0xb8, 0x8e], [0xef, 0xb8, 0x8f], [0xe2, 0x80, 0x8c],
  [0xe1, 0xa0, 0xa0], [0xe1, 0xa0, 0x8b], [0xf0, 0x9f, 0x8f, 0xb4], [0xf3, 0xa0, 0x81, 0xa7],
  [0xf3, 0xa0, 0x81, 0xbf], [0xf3, 0xa0, 0x84, 0x80], [0xef, 0xbb, 0xbf], [0xf0, 0x80, 0x80, 0x80], [0xf0, 0x8f, 0xbf, 0xbf], [0xf0, 0x90, 0x80, 0x80],
  [0xf0, 0x9f, 0x98], [0xf0, 0x9f, 0x98, 0x80], [0xf4, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80],
  [0xf5], [0xff], [0x20, 0x20, 0x20], [0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20], [0xe3, 0x80, 0x80],
  [0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x20, 0x20, 0x20],
];

/** `length` bytes: noise, or troublesome characters one after the other, or both. */
export function troublesomeBytes(random: () => number, length: number): Uint8Array {
  const bytes: number[] = [];
  const mix = random() % 3;
  while (bytes.length < length) {
    const noise = mix === 0 || (mix === 1 && random() % 2 === 0);
    if (noise) bytes.push(random() & 0xff);
    else bytes.push(...(TROUBLE[random() % TROUBLE.length] ?? []));
  }
  return Uint8Array.from(bytes.slice(0, length));
}

/**
 * The model of net/framing/line_reader: one text per line, with `!` before the first bytes of a
 * line that is too long, and `~` before the unfinished rest.
 */
export function linesOf(stream: Uint8Array, limit: number): string {
  const splitter = new LineSplitter(limit);
  const found = [...splitter.split(Buffer.from(stream))].map(shown);
  const last = splitter.last();
  if (last !== undefined) found.push(`~${shown(last)}`);
  return found.map((line) => `${line}\n`).join("");
}

function shown({ kind, bytes }: Line): string {
  return `${kind === "too long" ? "!" : ""}${bytes.toString("latin1")}`;
}

/** `YYYY/MM/DD HH:MM:SS` by JavaScript's calendar. */
export function stampOf(unixSeconds: bigint): string {
  const iso = new Date(Number(unixSeconds) * 1000).toISOString();
  return iso.slice(0, 19).replaceAll("-", "/").replace("T", " ");
}

/** Marks, letters and digits by Node's Unicode: 1 letter, 2 mark, 3 digit, 0 the rest. */
export function kindOf(code: number): number {
  const character = String.fromCodePoint(code);
  return [/\p{L}/u, /\p{M}/u, /\p{Nd}/u].findIndex((one) => one.test(character)) + 1;
}

/** Returns true for characters that names commonly have, in the form in which they are written. */
export function isUsual(code: number): boolean {
  const character = String.fromCodePoint(code);
  if (character.normalize("NFKC") !== character) return false;
  if (/\p{Default_Ignorable_Code_Point}|\p{Deprecated}/u.test(character)) return false;
  return USUAL.test(character);
}

const USUAL = new RegExp(
  `[${"Latin Greek Cyrillic Armenian Georgian Hebrew Arabic Devanagari Bengali Tamil Thai Ethiopic"
    .concat(" Khmer Han Hiragana Katakana Hangul Cherokee Adlam Tifinagh Inherited")
    .split(" ")
    .map((script) => `\\p{Script=${script}}`)
    .join("")}]`,
  "u",
);

/** Other ways to write a text. */
export function formsOf(text: string): string[] {
  return [text.normalize("NFC"), text.normalize("NFD"), text.toLowerCase(), text.toUpperCase()];
}
