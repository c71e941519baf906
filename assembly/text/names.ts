/**
 * The rules for names of users and rooms. They do not test if a name is taken:
 * chat/users/user_directory.ts does, by the key of fold.ts.
 */
import { FOLD_CHARACTERS, foldCapitals, foldName } from "./fold";
import { Kind, kindOf, systemsOf } from "./letters";

/** A name of a user or room has at most this many code points. @limit characters */
export const NAME_CHARACTERS: i32 = FOLD_CHARACTERS;
/** A name has at most this many bytes of UTF-8. @limit bytes */
export const NAME_BYTES: i32 = 64;

/** A letter of a name has at most this many marks, each once (UTS #39, 5.4). @limit marks */
const MARKS_MOST: i32 = 4;

export enum NameFault {
  NONE,
  EMPTY,
  LONG,
  CHARACTER,
  MARKS,
  EDGE,
  MIXED_SCRIPTS,
  RESERVED,
}

const HYPHEN: u32 = 0x2d;
const DOT: u32 = 0x2e;
const UNDERSCORE: u32 = 0x5f;
const STAR: u32 = 0x2a;
/** The signs that names of IRC may have. */
const SIGNS = "[]{}\\|^`";
/** The character that 0 folds to: o. */
const ZERO: u32 = 0x6f;
/** The character that 1 folds to: l. */
const ONE: u32 = 0x6c;
const ALL_SYSTEMS: u64 = u64.MAX_VALUE;

/** The words with which the server addresses clients, or names itself. */
const RESERVED_WORDS: Array<string> = [
  "admin",
  "administrator",
  "all",
  "closed",
  "console",
  "error",
  "everyone",
  "here",
  "ircpollcast",
  "localhost",
  "me",
  "moderator",
  "nobody",
  "operator",
  "pollcast",
  "root",
  "server",
  "system",
  "topic",
  "you",
];
/**
 * First names whose key equals that of a reserved word, `all`, and which are allowed all the same.
 */
const GIVEN_NAMES: StaticArray<string> = ["Ali", "ali", "ALI"];
/** The end of the names of services: users of IRC send their passwords to `NickServ`. */
const SERVICE = "serv";
/** The name of a client that has not chosen one begins so: `client-12`. */
const UNNAMED = "client";
/** The name of such a client begins so if its address is known: `guest-` and hexadecimal digits. */
export const GUEST = "guest";
const ADDRESS_NUMBERS = 4;

/** Reserves one more name. A name that is too long for a user need not be reserved. */
export function reserveName(name: string): void {
  const word = withoutDots(name);
  if (foldName(word) != "") RESERVED_WORDS.push(word);
}

/** Returns the first fault of a name, or NONE. */
export function checkName(name: string): NameFault {
  if (name.length == 0) return NameFault.EMPTY;
  if (name.length > NAME_BYTES || String.UTF8.byteLength(name) > NAME_BYTES) return NameFault.LONG;
  if (name.charCodeAt(0) == STAR) return NameFault.RESERVED;
  let characters = 0;
  let systems = ALL_SYSTEMS;
  let last = Kind.NONE;
  let lastCode: u32 = 0;
  let marks = 0;
  for (let at = 0; at < name.length; characters++) {
    const code: u32 = name.codePointAt(at);
    at += code > 0xffff ? 2 : 1;
    const kind = kindOf(code);
    const joins = code == HYPHEN || code == DOT;
    if (kind == Kind.NONE && !joins && !isSign(code)) return NameFault.CHARACTER;
    if (kind == Kind.MARK && last != Kind.LETTER && last != Kind.MARK) return NameFault.CHARACTER;
    marks = kind == Kind.MARK ? marks + 1 : 0;
    if (marks > MARKS_MOST || (marks > 1 && code == lastCode)) return NameFault.MARKS;
    if (characters == 0 && (joins || kind == Kind.DIGIT)) return NameFault.EDGE;
    if (joins && at == name.length) return NameFault.EDGE;
    if (kind != Kind.NONE) systems &= systemsOf(code);
    last = kind;
    lastCode = code;
  }
  if (characters > NAME_CHARACTERS) return NameFault.LONG;
  if (systems == 0) return NameFault.MIXED_SCRIPTS;
  return isReserved(withoutSigns(name)) ? NameFault.RESERVED : NameFault.NONE;
}

function isSign(code: u32): bool {
  return code == UNDERSCORE || (code < 0x80 && SIGNS.includes(String.fromCharCode(code)));
}

/** Returns a name without the signs, since signs must not hide a reserved word. */
function withoutSigns(name: string): string {
  let bare = name;
  for (let i = 0; i < SIGNS.length; i++) bare = bare.replaceAll(SIGNS.charAt(i), "");
  return bare;
}

/** Returns a message for a user: the fault, and what to do. */
export function nameFaultText(fault: NameFault): string {
  switch (fault) {
    case NameFault.EMPTY:
      return "a name is missing: give one of 1 to 32 characters";
    case NameFault.LONG:
      return "that name is too long: at most 32 characters, and 64 bytes of UTF-8";
    case NameFault.CHARACTER:
      return "a name has letters, digits and - _ . [ ] { } \\ | ^ ` alone: leave out the rest";
    case NameFault.MARKS:
      return "a letter of that name has too many marks: at most 4, each once";
    case NameFault.EDGE:
      return "a name does not begin with a digit, - or ., and does not end with - or .";
    case NameFault.MIXED_SCRIPTS:
      return "that name mixes alphabets: write it in one";
    case NameFault.RESERVED:
      return "that name is the server's, or looks like one of its own: choose another";
    default:
      return "";
  }
}

function isReserved(name: string): bool {
  if (name == "") return false;
  for (let i = 0; i < GIVEN_NAMES.length; i++) if (name == GIVEN_NAMES[i]) return false;
  return isReservedKey(foldName(name)) || isReservedKey(foldCapitals(name));
}

function isReservedKey(key: string): bool {
  if (key == "") return false;
  // A letter that folds to a colon would make the name look like an IPv6 address.
  if (key.includes(":")) return true;
  if (withoutDots(key).endsWith(SERVICE)) return true;
  for (let i = 0; i < RESERVED_WORDS.length; i++) {
    if (endOf(foldName(RESERVED_WORDS[i]), key) == key.length) return true;
  }
  const guest = endOf(foldName(GUEST), key);
  if (guest > 0 && isHexadecimal(key, guest)) return true;
  const number = endOf(foldName(UNNAMED), key);
  return (number > 0 && numbersIn(key, number) > 0) || numbersIn(key, 0) == ADDRESS_NUMBERS;
}

function withoutDots(name: string): string {
  return name.replaceAll(".", "").replaceAll("-", "").replaceAll("_", "");
}

/**
 * Returns the index in `key` after `word`, if the key begins with it, ignoring `.`, `-` and `_`.
 * Returns 0 if it does not.
 */
function endOf(word: string, key: string): i32 {
  let found = 0;
  let at = 0;
  for (; at < key.length; at++) {
    const unit: u32 = key.charCodeAt(at);
    if (unit == DOT || unit == HYPHEN || unit == UNDERSCORE) continue;
    if (found == word.length) break;
    if (unit != <u32>word.charCodeAt(found++)) return 0;
  }
  return found == word.length ? at : 0;
}

/** Returns true if the rest of a key has hexadecimal digits, and nothing else but `-`, `_`, `.`. */
function isHexadecimal(key: string, from: i32): bool {
  let digits = 0;
  for (let at = from; at < key.length; at++) {
    const unit: u32 = key.charCodeAt(at);
    if (unit == DOT || unit == HYPHEN || unit == UNDERSCORE) continue;
    if (unit - 0x30 >= 10 && unit - 0x61 >= 6 && unit != ZERO && unit != ONE) return false;
    digits++;
  }
  return digits > 0;
}

/**
 * Returns how many numbers, separated by dots, the rest of a key has; 0 if it has anything else.
 */
function numbersIn(key: string, from: i32): i32 {
  let numbers = 0;
  let inside = false;
  for (let at = from; at < key.length; at++) {
    const unit: u32 = key.charCodeAt(at);
    if (unit - 0x30 < 10 || unit == ZERO || unit == ONE) {
      if (!inside) numbers++;
      inside = true;
    } else if (unit == DOT) {
      if (!inside) return 0;
      inside = false;
    } else if (unit != HYPHEN && unit != UNDERSCORE) {
      return 0;
    }
  }
  return inside ? numbers : 0;
}
