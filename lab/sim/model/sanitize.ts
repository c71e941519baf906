/**
 * Makes text safe for other users' terminals, by the rules of the README. Characters are found with
 * the table of well-formed UTF-8 (Unicode, table 3-7); bytes in none of its rows are replaced one
 * by one.
 */

const CONTINUATION = "[\\x80-\\xbf]";
const WELL_FORMED = [
  "[\\x00-\\x7f]",
  `[\\xc2-\\xdf]${CONTINUATION}`,
  `\\xe0[\\xa0-\\xbf]${CONTINUATION}`,
  `[\\xe1-\\xec\\xee\\xef]${CONTINUATION}{2}`,
  `\\xed[\\x80-\\x9f]${CONTINUATION}`,
  `\\xf0[\\x90-\\xbf]${CONTINUATION}{2}`,
  `[\\xf1-\\xf3]${CONTINUATION}{3}`,
  `\\xf4[\\x80-\\x8f]${CONTINUATION}{2}`,
].join("|");
const CHARACTER = new RegExp(`(${WELL_FORMED})|[^]`, "g");
// eslint-disable-next-line no-control-regex
const SPECIAL = /[\x00-\x08\x0a-\x1f\x7f-\xff]/;
const REORDERING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const UNSEEN =
  /[\u0080-\u009f\u180e\u200b\u2028\u2029\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
const PICTURES = 0x2400;
const DELETE = 0x7f;
const SPACE = 0x20;

export function sanitized(line: Uint8Array): Buffer {
  const raw = Buffer.from(line).toString("latin1");
  if (!SPECIAL.test(raw)) return Buffer.from(line);
  const shown = raw.replace(CHARACTER, (found: string, wellFormed: string | undefined) =>
    wellFormed === undefined ? "\ufffd" : harmless(Buffer.from(found, "latin1").toString("utf8")),
  );
  return Buffer.from(shown, "utf8");
}

function harmless(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\t") return character;
  if (code < SPACE) return String.fromCharCode(PICTURES + code);
  if (code === DELETE) return "\u2421";
  return UNSEEN.test(character) || REORDERING.test(character) ? "\ufffd" : character;
}
