/** Text from elsewhere, made safe for a terminal: what would steer it is shown as an escape. */

/** Controls but for tab and newline, what turns the direction of text, and what breaks lines. */
// eslint-disable-next-line no-control-regex
const STEERING = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** @returns the text with `\u001b` where there was an escape character; valid inside of JSON */
export function printable(text: string): string {
  return text.replaceAll(
    STEERING,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
