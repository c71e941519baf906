/**
 * The rules for names of users and rooms, after guide/chat.md: which names are valid, and which
 * look alike and so are one name. The model knows ASCII and the letters below, which the worlds
 * use. If any other letter matters, the world ends as undecided.
 */

/** Thrown if the result depends on a letter that the model does not know. */
export class Undecided extends Error {
  override readonly name = "Undecided";
}

/** The letters beyond ASCII, in lower case, with what each looks like after decomposition. */
const KNOWN = new Map([
  ...["é", "è", "ü", "ö", "ñ", "å", "à"].map((one) => [one, one.normalize("NFD")] as const),
  ...["\u0301", "\u0308", "\u0303", "\u0300", "\u030a"].map((one) => [one, one] as const),
  ...Array.from("你好世界书房あいアджλπß").map((one) => [one, one] as const),
  ...Array.from("аеорсхукв").map((one, at) => [one, "aeopcxykb"[at] ?? ""] as const),
  ...Array.from("οα").map((one, at) => [one, "oa"[at] ?? ""] as const),
]);
const LOOKS: Record<string, string> = { i: "l", "1": "l", "0": "o", m: "rn" };
/** The signs that names of IRC may have, and what two of them look like. */
const SIGNS = /[[\]{}\\|^`]/;
const SIGN_LOOKS: Record<string, string> = { "|": "l", "`": "'" };
const SYSTEMS: [RegExp, readonly string[]][] = [
  [/\p{Script_Extensions=Latin}/u, ["Latin"]],
  [/\p{Script_Extensions=Greek}/u, ["Greek"]],
  [/\p{Script_Extensions=Cyrillic}/u, ["Cyrillic"]],
  [/\p{Script_Extensions=Han}/u, ["Chinese", "Japanese", "Korean"]],
  [/\p{Script_Extensions=Hiragana}/u, ["Japanese"]],
  [/\p{Script_Extensions=Katakana}/u, ["Japanese"]],
];
const SHARED = /\p{Script_Extensions=Common}|\p{Script_Extensions=Inherited}/u;
const MOST = { characters: 32, bytes: 64 };
const RESERVED = [
  ...["admin", "administrator", "all", "closed", "console", "error"],
  ...[
    "everyone",
    "here",
    "ircpollcast",
    "localhost",
    "me",
    "moderator",
    "nobody",
    "operator",
    "pollcast",
  ],
  ...["root", "server", "system", "topic", "you"],
].map(lookOf);
/** The end of the names of services of IRC. */
const SERVICE = lookOf("serv");
const GIVEN_NAMES = ["Ali", "ali", "ALI"];
const UNNAMED = lookOf("client");
const GUEST = lookOf("guest");
const HEXADECIMAL = /^[0-9a-fol]+$/;
const NUMBERS = /^[0-9ol]+(\.[0-9ol]+)*$/;

const FAULTS = {
  long: "that name is too long: at most 32 characters, and 64 bytes of UTF-8",
  character: "a name has letters, digits and - _ . [ ] { } \\ | ^ ` alone: leave out the rest",
  marks: "a letter of that name has too many marks: at most 4, each once",
  edge: "a name does not begin with a digit, - or ., and does not end with - or .",
  mixed: "that name mixes alphabets: write it in one",
  reserved: "that name is the server's, or looks like one of its own: choose another",
};

/** A text that ends with the fifth combining mark in a row, or with the same mark twice. */
const MARKS = /(?:\p{M}{5}|(\p{M})\1)$/u;

/** Returns what is wrong with a name, in words for the user; undefined if it is valid. */
export function faultOf(name: string): string | undefined {
  if (name.length > MOST.bytes || Buffer.byteLength(name) > MOST.bytes) return FAULTS.long;
  if (name.startsWith("*")) return FAULTS.reserved;
  const characters = Array.from(name);
  for (const [at, character] of characters.entries()) {
    const before = characters[at - 1] ?? "";
    if (!/[\p{L}\p{M}\p{Nd}._-]/u.test(character) && !SIGNS.test(character))
      return FAULTS.character;
    assertKnown(character);
    if (/\p{M}/u.test(character) && !/[\p{L}\p{M}]/u.test(before)) return FAULTS.character;
    if (MARKS.test(characters.slice(0, at + 1).join(""))) return FAULTS.marks;
    if (at === 0 && /[\p{Nd}.-]/u.test(character)) return FAULTS.edge;
    if (at === characters.length - 1 && /[.-]/.test(character)) return FAULTS.edge;
  }
  if (characters.length > MOST.characters) return FAULTS.long;
  if (isMixed(characters)) return FAULTS.mixed;
  return isReserved(name.replace(new RegExp(SIGNS, "g"), "")) ? FAULTS.reserved : undefined;
}

function isMixed(characters: readonly string[]): boolean {
  let common: readonly string[] | undefined;
  for (const character of characters) {
    if (SHARED.test(character)) continue;
    const [, systems = []] = SYSTEMS.find(([script]) => script.test(character)) ?? [];
    common = common === undefined ? systems : common.filter((one) => systems.includes(one));
    if (common.length === 0) return true;
  }
  return false;
}

function isReserved(name: string): boolean {
  if (GIVEN_NAMES.includes(name)) return false;
  const look = lookOf(name);
  const bare = look.replace(/[._-]/g, "");
  if (RESERVED.includes(bare) || bare.endsWith(SERVICE)) return true;
  const number = look.replace(/[-_]/g, "");
  if (NUMBERS.test(number) && number.split(".").length === 4) return true;
  if (HEXADECIMAL.test(afterWord(look, GUEST).replace(/[._-]/g, ""))) return true;
  const rest = afterWord(look, UNNAMED).replace(/[-_]/g, "");
  return NUMBERS.test(rest);
}

/**
 * Returns what follows the word at the start of `look`, with punctuation ignored; "" if `look`
 * begins otherwise.
 */
function afterWord(look: string, word: string): string {
  const pattern = new RegExp(`^[._-]*${Array.from(word).join("[._-]*")}[._-]*`);
  const found = pattern.exec(look);
  return found === null ? "" : look.slice(found[0].length);
}

/** Returns the key of a name: names that look alike have the same key. */
export function keyOf(name: string): string {
  if (Array.from(name).length > MOST.characters) return name;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = lookOf(name);
  if (keys.size > KEYS_KEPT) keys.clear();
  keys.set(name, key);
  return key;
}

const KEYS_KEPT = 1000;
const keys = new Map<string, string>();

function lookOf(name: string): string {
  return Array.from(name, (character) => {
    if (!/[\p{L}\p{M}\p{Nd}]/u.test(character)) return SIGN_LOOKS[character] ?? character;
    assertKnown(character);
    const small = character.toLowerCase();
    return KNOWN.get(small) ?? LOOKS[small] ?? small;
  }).join("");
}

function assertKnown(character: string): void {
  if (/^[\0-\x7f]$/.test(character) || KNOWN.has(character.toLowerCase())) return;
  if (/[\p{L}\p{M}\p{Nd}]/u.test(character)) throw new Undecided(`the letter ${character}`);
}
