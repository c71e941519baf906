/**
 * The characters that names may have, and their folds. They come from Node's Unicode data and, for
 * look-alikes, from Unicode's confusables. unicode_tables.mjs packs them for the module.
 */
import fs from "node:fs";

/** UAX #31, table 5: in everyday use. */
const RECOMMENDED = `Arabic Armenian Bengali Bopomofo Cyrillic Devanagari Ethiopic Georgian Greek
  Gujarati Gurmukhi Hangul Han Hebrew Hiragana Kannada Katakana Khmer Lao Latin Malayalam Myanmar
  Oriya Sinhala Tamil Telugu Thaana Thai Tibetan`.split(/\s+/);
/** UAX #31, table 7: in use by smaller communities. Scripts of table 4 are of the past. */
const LIMITED = `Adlam Balinese Bamum Batak Canadian_Aboriginal Chakma Cham Cherokee Hanifi_Rohingya
  Javanese Kayah_Li Lepcha Limbu Lisu Mandaic Meetei_Mayek Miao New_Tai_Lue Newa Nko
  Nyiakeng_Puachue_Hmong Ol_Chiki Osage Saurashtra Sundanese Syloti_Nagri Syriac Tai_Le Tai_Tham
  Tai_Viet Tifinagh Vai Wancho Yi`.split(/\s+/);
/** Scripts that are written together (UTS #39, 5.1); any other script is a system of its own. */
const SYSTEMS = new Map([
  ["Han", ["Chinese with Bopomofo", "Japanese", "Korean"]],
  ["Bopomofo", ["Chinese with Bopomofo"]],
  ["Hiragana", ["Japanese"]],
  ["Katakana", ["Japanese"]],
  ["Hangul", ["Korean"]],
]);
/** The bits of all writing systems, for characters that every script uses. */
const ALL_SYSTEMS = (1n << 64n) - 1n;

export const NONE = 0;
export const LETTER = 1;
export const MARK = 2;
export const DIGIT = 3;

/** @param {string} script */
const systemsOfScript = (script) => SYSTEMS.get(script) ?? [script];
const systemNames = [...new Set([...RECOMMENDED, ...LIMITED].flatMap(systemsOfScript))];
const scripts = [...RECOMMENDED, ...LIMITED].map((script) => ({
  has: new RegExp(`\\p{Script_Extensions=${script}}`, "u"),
  systems: systemsOfScript(script).reduce(
    (bits, name) => bits | (1n << BigInt(systemNames.indexOf(name))),
    0n,
  ),
}));
const SHARED = /\p{Script_Extensions=Common}|\p{Script_Extensions=Inherited}/u;
const LIMITED_LETTER = new RegExp(`[${LIMITED.map((one) => `\\p{scx=${one}}`).join("")}]`, "u");

/** Returns the writing systems that use a character, a bit for each. @param {string} character */
export function systemsOf(character) {
  if (SHARED.test(character)) return ALL_SYSTEMS;
  return scripts.reduce((bits, one) => (one.has.test(character) ? bits | one.systems : bits), 0n);
}

/** Returns the class of a character in names. @param {string} character */
export function kindOf(character) {
  const kind = /\p{L}/u.test(character)
    ? LETTER
    : /\p{M}/u.test(character)
      ? MARK
      : /\p{Nd}/u.test(character)
        ? DIGIT
        : NONE;
  if (kind === NONE || UNFIT.test(character) || isStyled(character)) return NONE;
  return systemsOf(character) === 0n ? NONE : kind;
}

/** Returns true for a character that has no shape of its own. @param {string} character */
export function isIgnorable(character) {
  return /\p{Default_Ignorable_Code_Point}/u.test(character);
}

/** Characters that are invisible or deprecated. */
const UNFIT = /[\p{Default_Ignorable_Code_Point}\p{Deprecated}]/u;

/**
 * Returns true for a styled form of other letters: superscripts, mathematical letters, ligatures,
 * characters that exist only for old encodings. It returns false for letters that keyboards write:
 * Thai's AM, Korean's single jamo, letters of another width.
 * @param {string} character
 */
function isStyled(character) {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xf900 && character.normalize("NFC") !== character) return true;
  const typed =
    code < 0x1d00 || (code >= 0x3130 && code <= 0x318f) || (code >= 0xff00 && code <= 0xffef);
  return !typed && character.normalize("NFD") !== character.normalize("NFKD");
}

/** @type {Record<string, string>} */
const confusables = JSON.parse(
  fs.readFileSync(new URL(import.meta.resolve("unhomoglyph/data.json")), "utf8"),
);

/**
 * Returns the result of one step of the fold, one or two characters; undefined if there is none.
 *
 * @param {string} character
 */
export function foldStep(character) {
  if (/\p{L}/u.test(character)) {
    const lower = lowerCase(character);
    if (lower !== character) return lower;
  }
  if (character.normalize("NFKD") !== character) return decomposed(character);
  // The capital of i looks like l.
  return character === "i" ? "l" : lookAlike(character);
}

/**
 * Returns the ASCII text of one or two characters that a capital looks like, if its small letter
 * looks different: a Greek N. @param {string} character
 */
export function capitalLook(character) {
  if (!/\p{Lu}/u.test(character)) return;
  const [letter = ""] = character.normalize("NFD");
  const look = confusables[letter];
  if (!isAscii(look) || look === undefined || look.length > 2) return;
  return keyOf(look) === keyOf(letter) ? undefined : look;
}

/** All steps of the fold. @param {string} text @returns {string} */
function keyOf(text) {
  return Array.from(text, (one) => {
    const step = foldStep(one);
    return step === undefined ? one : keyOf(step);
  }).join("");
}

/** Simple case folding. @param {string} character */
function lowerCase(character) {
  const upper = character.toUpperCase();
  const both = isOne(upper) ? upper.toLowerCase() : character.toLowerCase();
  return isOne(both) ? both : character;
}

/**
 * Decomposes a character into at most two. These may be decomposed further by the next step.
 *
 * @param {string} character
 */
function decomposed(character) {
  const parts = Array.from(character.normalize("NFKD"));
  const head = parts.slice(0, -1).join("").normalize("NFC");
  if (isOne(head)) return head + parts.slice(-1).join("");
  const tail = parts.slice(1).join("").normalize("NFC");
  return String(parts[0]) + tail;
}

/**
 * Returns the text that a small letter or a digit looks like. Marks, sequences that are not ASCII,
 * and letters of smaller scripts that do not look like ASCII have none.
 * @param {string} character
 */
function lookAlike(character) {
  const capital = confusables[character.toUpperCase()] ?? "";
  const itself = confusables[character];
  // Cyrillic's small ve looks like no Latin letter, but its capital is a B.
  const target = !isAscii(itself) && /^[A-Z]$/.test(capital) ? capital.toLowerCase() : itself;
  if (target === undefined || /\p{M}/u.test(character) || lowerCase(target) === character) return;
  if (isAscii(target)) return target.length <= 2 ? target : undefined;
  return isOne(target) && !LIMITED_LETTER.test(character) ? target : undefined;
}

/** @param {string} text */
const isOne = (text) => Array.from(text).length === 1;
/** @param {string | undefined} text */
const isAscii = (text) => text !== undefined && /^[!-~]+$/.test(text);
