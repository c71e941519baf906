/** The tables of assembly/text/, packed as letters.ts and fold.ts read them. */
import { capitalLook, foldStep, isIgnorable, kindOf, NONE, systemsOf } from "./unicode_data.mjs";

const COLUMNS = 100;
const ASCII_BITS = 7;
const SURROGATES = { first: 0xd800, last: 0xdfff };
/** The syllables of Hangul, which fold.ts decomposes by arithmetic. */
const SYLLABLES = { first: 0xac00, last: 0xd7a3 };
/** The longest run: the largest number of seven bits. */
const LONGEST_RUN = 127;

/** @returns {Record<string, string>} the text of each generated file, by its path */
export function unicodeTables() {
  const { ranges, systems, characters } = classes();
  const { runs, pairs, seconds } = folds(characters);
  return {
    "assembly/text/unicode_classes.ts": [
      head("The kind of each character in names, and the scripts (writing systems) that use it."),
      "/** The Unicode version of the tables. */",
      `export const UNICODE: f64 = ${process.versions["unicode"]};\n`,
      "/** Ranges: first code point << 9 | index in SYSTEMS << 2 | kind; each ends at the next. */",
      array("RANGES", "u32", ranges),
      "/** The sets of scripts, with a bit for each script. */",
      array("SYSTEMS", "u64", systems),
    ].join("\n"),
    "assembly/text/unicode_ignorables.ts": [
      head("The characters without a visible shape (Unicode's Default_Ignorable_Code_Point)."),
      "/** The ranges: the first code point of each, and the first one after it. */",
      array("IGNORABLES", "u32", ignorables()),
    ].join("\n"),
    "assembly/text/unicode_folds.ts": [
      head(
        "One folding step of each character: a run folds to a run, a character to a pair. The\n" +
          " * numbers are the lower 16 bits of code points; plane 1 comes last, and stays in it.",
      ),
      "/** Runs: the first character, its fold, and length << 1 | 1 if every second is skipped. */",
      array("RUN_FROM", "u16", lowerBits(runs.map(({ from }) => from))),
      array("RUN_TO", "u16", lowerBits(runs.map(({ to }) => to))),
      array(
        "RUN_HOW",
        "u8",
        runs.map(({ length, stride }) => (length << 1) | (stride >> 1)),
      ),
      `export const RUNS_PLANE_1: i32 = ${runs.findIndex(({ from }) => from > 0xffff)};\n`,
      "/** Pairs: a character, the first of its fold, and the index of the second in SECONDS. */",
      array("PAIR_FROM", "u16", lowerBits(pairs.map(({ from }) => from))),
      array("PAIR_FIRST", "u16", lowerBits(pairs.map(({ first }) => first))),
      array(
        "PAIR_SECOND",
        "u8",
        pairs.map(({ second }) => seconds.indexOf(second)),
      ),
      `export const PAIRS_PLANE_1: i32 = ${pairs.findIndex(({ from }) => from > 0xffff)};\n`,
      array("SECONDS", "u16", lowerBits(seconds)),
      "/**",
      " * Capitals that look like ASCII, while their small letters look different: the code point,",
      " * and seven bits for each of the two characters; the second is 0 if there is one.",
      " */",
      array("CAPITALS", "u32", capitals(characters)),
    ].join("\n"),
  };
}

/** @param {string[]} characters the characters that a name may have, in order */
function capitals(characters) {
  return characters.flatMap((character) => {
    const look = capitalLook(character);
    if (look === undefined) return [];
    const [first = 0, second = 0] = Buffer.from(look);
    return [((character.codePointAt(0) ?? 0) << (2 * ASCII_BITS)) | (first << ASCII_BITS) | second];
  });
}

/** @param {number[]} codes */
const lowerBits = (codes) => codes.map((code) => code & 0xffff);

/** @param {string} about */
function head(about) {
  const made = `Made by scripts/unicode_tables.mjs alone.`;
  return `/**\n * ${about}\n * ${made}\n */\n`;
}

/** @param {string} name @param {string} type @param {(number | bigint)[]} values */
function array(name, type, values) {
  const lines = [""];
  for (const value of values) {
    const text = typeof value === "bigint" ? `0x${value.toString(16)}` : String(value);
    const line = `${lines.at(-1)} ${text},`;
    if (line.length + 1 > COLUMNS) lines.push(` ${text},`);
    else lines[lines.length - 1] = line;
  }
  const body = lines.map((line) => ` ${line}\n`).join("");
  return `// prettier-ignore\nexport const ${name}: StaticArray<${type}> = [\n${body}];\n`;
}

function classes() {
  const ranges = [];
  const characters = [];
  /** @type {bigint[]} */
  const systems = [];
  let last = -1;
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const surrogate = code >= SURROGATES.first && code <= SURROGATES.last;
    const kind = surrogate ? NONE : kindOf(character);
    let packed = NONE;
    if (kind !== NONE) {
      characters.push(character);
      const own = systemsOf(character);
      if (!systems.includes(own)) systems.push(own);
      packed = (systems.indexOf(own) << 2) | kind;
    }
    if (packed !== last) ranges.push(code * 512 + packed);
    last = packed;
  }
  return { ranges, systems, characters };
}

/** Returns the bounds of the ranges of ignorable characters: first, behind the last, first, … */
function ignorables() {
  const bounds = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const surrogate = code >= SURROGATES.first && code <= SURROGATES.last;
    const isOne = !surrogate && isIgnorable(String.fromCodePoint(code));
    if (isOne === (bounds.length % 2 === 0)) bounds.push(code);
  }
  return bounds;
}

/** @typedef {{ from: number, to: number, stride: number, length: number }} Run */

/** @param {string[]} characters the characters that a name may have */
function folds(characters) {
  /** @type {Run[]} */
  const runs = [];
  /** @type {{ from: number, first: number, second: number }[]} */
  const pairs = [];
  for (const { from, to, second } of reachedFrom(characters)) {
    const run = runs[runs.length - 1];
    if (second !== undefined) pairs.push({ from, first: to, second });
    else if (run === undefined || !lengthen(run, from, to)) {
      runs.push({ from, to, stride: 0, length: 1 });
    }
  }
  return { runs, pairs, seconds: [...new Set(pairs.map(({ second }) => second))] };
}

/**
 * Returns true if a code point is the next of a run, or, in a run of pairs, the next but one.
 * @param {Run} run @param {number} from @param {number} to
 */
function lengthen(run, from, to) {
  const gap = from - run.from - run.stride * (run.length - 1);
  const regular = run.stride === 0 ? gap === 1 || gap === 2 : gap === run.stride;
  const fits = regular && from >> 16 === run.from >> 16 && run.length < LONGEST_RUN;
  if (!fits || from - run.from !== to - run.to) return false;
  run.stride = gap;
  run.length++;
  return true;
}

/**
 * Returns the step of each character that a fold can reach. Steps out of a plane are left out: they
 * are look-alikes of rare letters. In order.
 * @param {string[]} characters
 */
function reachedFrom(characters) {
  /** @type {{ from: number, to: number, second: number | undefined }[]} */
  const steps = [];
  const waiting = [...characters];
  const seen = new Set();
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const code = one.codePointAt(0) ?? 0;
    if (seen.has(code) || (code >= SYLLABLES.first && code <= SYLLABLES.last)) continue;
    seen.add(code);
    const step = foldStep(one);
    if (step === undefined) continue;
    const parts = Array.from(step, (part) => part.codePointAt(0) ?? 0);
    if (parts.some((part) => part >> 16 !== code >> 16)) continue;
    if (parts.length > 2) throw new Error(`${one} becomes more than two`);
    steps.push({ from: code, to: parts[0] ?? 0, second: parts[1] });
    waiting.push(...Array.from(step));
  }
  return steps.sort((one, other) => one.from - other.from);
}
