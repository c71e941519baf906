/**
 * Makes text safe for other users' terminals. docs/guide/chat.md has the rules. The table of
 * well-formed UTF-8 (Unicode, table 3-7) says which bytes are a character; bytes in none of its
 * rows are replaced one by one.
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
/** C1 controls, line separators and annotations. */
const UNFIT = /[\u0080-\u009f\u2028\u2029\ufff9-\ufffb]/u;
const IGNORABLE = "\\p{Default_Ignorable_Code_Point}";
/** Blanks that are no spaces. */
const WIDE = "\\t\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u2800\\u3000";
/** Matches a row of blanks. The first one and eight spaces of it stay. */
const BLANKS = new RegExp(`([ ${WIDE}])([ ${WIDE}]+)`, "g");
const BLANKS_MOST = 8;
const SHAPE = `[^\\x00-\\x7f\\ufffd${IGNORABLE}${WIDE}]`;
/**
 * Matches ignorable characters: in valid sequences, or elsewhere (group 1), where they are
 * invisible.
 */
const SHAPELESS = new RegExp(
  [
    "\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{1,6}\\u{e007f}?",
    `${SHAPE}[\\u200c\\u200d]`,
    `(?:${SHAPE}|[0-9#*])(?:\\ufe0e|\\ufe0f\\u200d?)`,
    "[\\u1820-\\u18aa][\\u180b-\\u180f]",
    `(${IGNORABLE})`,
  ].join("|"),
  "gu",
);
const PICTURES = 0x2400;
const DELETE = 0x7f;
const SPACE = 0x20;

export function sanitized(line: Uint8Array): Buffer {
  const raw = Buffer.from(line).toString("latin1");
  if (!SPECIAL.test(raw)) return Buffer.from(shortened(raw), "latin1");
  const shown = raw.replace(CHARACTER, (found: string, wellFormed: string | undefined) =>
    wellFormed === undefined ? "\ufffd" : harmless(Buffer.from(found, "latin1").toString("utf8")),
  );
  const safe = shown.replace(SHAPELESS, (all, alone?: string) =>
    alone === undefined ? all : "\ufffd",
  );
  return Buffer.from(shortened(safe), "utf8");
}

/** Shortens rows of blanks. */
function shortened(text: string): string {
  return text.replace(BLANKS, (_, first: string, { length }: string) =>
    first === " "
      ? " ".repeat(Math.min(length + 1, BLANKS_MOST))
      : first + " ".repeat(Math.min(length, BLANKS_MOST)),
  );
}

function harmless(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\t") return character;
  if (code < SPACE) return String.fromCharCode(PICTURES + code);
  if (code === DELETE) return "\u2421";
  return UNFIT.test(character) ? "\ufffd" : character;
}
