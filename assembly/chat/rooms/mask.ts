/**
 * Masks, which match users of a room: `nick!login@host`, with `*` for any text and `?` for one
 * character.
 */
import { nameKey } from "../users/name_key";
import { User } from "../users/user";

const ASTERISK: i32 = 0x2a;
const QUESTION_MARK: i32 = 0x3f;

/** Completes a mask: `ann` is `ann!*@*`, `ann!x` is `ann!x@*`, and `x@host` is `*!x@host`. */
export function completeMask(text: string): string {
  const mark = text.indexOf("!");
  const at = text.indexOf("@", max(mark, 0));
  if (mark < 0) return at < 0 ? `${text}!*@*` : `*!${text}`;
  return at < 0 ? `${text}@*` : text;
}

/**
 * Returns true if a complete mask matches a user. A nick without `*` and `?` also matches names
 * that look like it.
 */
export function maskMatches(mask: string, user: User): bool {
  const mark = mask.indexOf("!");
  const nick = mask.substring(0, mark);
  const isPattern = nick.includes("*") || nick.includes("?");
  if (isPattern ? !patternMatches(nick, user.name) : nameKey(nick) != user.key) return false;
  return patternMatches(mask.substring(mark + 1), `${user.login}@${user.host}`);
}

/** Returns true if a pattern with `*` and `?` matches a text, in upper or lower case. */
export function patternMatches(pattern: string, text: string): bool {
  return lowerPatternMatches(pattern.toLowerCase(), text.toLowerCase());
}

/** Returns true if a pattern matches a text. Both are in lower case. */
export function lowerPatternMatches(wanted: string, found: string): bool {
  let at = 0;
  let next = 0;
  // The index of the last asterisk in the pattern; -1: none so far.
  let asterisk = -1;
  // The index of the end of the text that this asterisk stands for so far.
  let covered = 0;
  while (next < found.length) {
    const code = at < wanted.length ? wanted.charCodeAt(at) : -1;
    if (code == ASTERISK) {
      asterisk = at++;
      covered = next;
    } else if (code == QUESTION_MARK || code == found.charCodeAt(next)) {
      at++;
      next++;
    } else if (asterisk < 0) {
      return false;
    } else {
      at = asterisk + 1;
      next = ++covered;
    }
  }
  while (at < wanted.length && wanted.charCodeAt(at) == ASTERISK) at++;
  return at == wanted.length;
}
