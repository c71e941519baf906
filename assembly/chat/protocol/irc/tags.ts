/** The tags of lines: `key=value;other`. Keys of clients begin with `+`. */
import { safeWords } from "../safe_text";

const SEMICOLON = ";";
const BACKSLASH: i32 = 0x5c;

/** Returns the value of a tag with its escapes, or empty. The last one of equal keys counts. */
export function tagValue(tags: string, key: string): string {
  const all = tags.split(SEMICOLON);
  for (let i = all.length - 1; i >= 0; i--) {
    const equals = all[i].indexOf("=");
    if ((equals < 0 ? all[i] : all[i].substring(0, equals)) != key) continue;
    return equals < 0 ? "" : all[i].substring(equals + 1);
  }
  return "";
}

/**
 * Returns the tags that clients may send to others, with `;` between them: those with `+`. A tag is
 * left out if its key has other signs than letters, digits, `-`, `.` and `/`, or if its value has
 * characters that the text of a message must not have.
 */
export function clientTags(tags: string): string {
  const all = tags.split(SEMICOLON);
  let kept = "";
  for (let i = 0; i < all.length; i++) {
    if (!all[i].startsWith("+") || !hasKey(all[i]) || safeWords(all[i]) != all[i]) continue;
    kept += kept == "" ? all[i] : SEMICOLON + all[i];
  }
  return kept;
}

/** Returns true if the key of a tag has only letters, digits, `-`, `.` and `/` after the `+`. */
function hasKey(tag: string): bool {
  const equals = tag.indexOf("=");
  const end = equals < 0 ? tag.length : equals;
  for (let i = 1; i < end; i++) {
    const code = tag.charCodeAt(i);
    const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    // The signs from `-` to `9` are `-`, `.`, `/` and the digits.
    if (!isLetter && (code < 0x2d || code > 0x39)) return false;
  }
  return end > 1;
}

/** Returns a line with a tag; without it if the line is in a batch. */
export function withTag(tag: string, line: string): string {
  if (!line.startsWith("@")) return `@${tag} ${line}`;
  return line.startsWith("@batch=") ? line : `@${tag};${line.substring(1)}`;
}

/** Returns a value for a tag: `;` is `\:`, a space `\s`. */
export function escapeTag(value: string): string {
  let text = "";
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit == 0x3b) text += "\\:";
    else if (unit == 0x20) text += "\\s";
    else if (unit == BACKSLASH) text += "\\\\";
    else if (unit == 0x0d) text += "\\r";
    else if (unit == 0x0a) text += "\\n";
    else text += value.charAt(i);
  }
  return text;
}

/** Returns the value of a tag without its escapes. A single backslash at the end is dropped. */
export function unescapeTag(value: string): string {
  let text = "";
  for (let i = 0; i < value.length; i++) {
    if (value.charCodeAt(i) != BACKSLASH) {
      text += value.charAt(i);
      continue;
    }
    const next = ++i < value.length ? value.charAt(i) : "";
    if (next == ":") text += ";";
    else if (next == "s") text += " ";
    else if (next == "r") text += "\r";
    else if (next == "n") text += "\n";
    else text += next;
  }
  return text;
}
