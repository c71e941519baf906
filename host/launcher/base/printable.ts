/** Makes text of unknown origin safe for a terminal. */

/**
 * Characters that control a terminal: controls except tab and newline, characters that change the
 * direction of text, and line separators.
 */
// eslint-disable-next-line no-control-regex
const STEERING = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Returns the text with each such character as an escape: `\u001b` for ESC. The text stays valid
 * inside a JSON string.
 */
export function printable(text: string): string {
  return text.replaceAll(
    STEERING,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
