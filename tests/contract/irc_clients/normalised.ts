/** Replaces what differs from run to run in the text that a client displays. */
const REPLACED: readonly (readonly [RegExp, string])[] = [
  // eslint-disable-next-line no-control-regex
  [/\x01/g, "^A"],
  [/\bclient-\d+\.pollcast\b/g, "client-N.pollcast"],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, "DATE"],
  [/\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\b/g, "DATE"],
  [/\b\d\d\/\d\d\/\d\d \d\d:\d\d/g, "DATE"],
  [/\b\d\d:\d\d(:\d\d)?\b/g, "TIME"],
  [/\b1[7-9]\d{8}(?:\d{6})?\b/g, "UNIX"],
  [/(127\.0\.0\.1(?:\/|\] port | port ))\d+/g, "$1PORT"],
  [/trying port \d+/g, "trying port PORT"],
  [/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4}\b/g, "DATE"],
  [/synced in [\d.]+ secs/g, "synced in N secs"],
  [/\S*\/pollcast-test-\w+/g, "FOLDER"],
  [/[ \t]+$/gm, ""],
];

export function normalised(text: string): string {
  return REPLACED.reduce((all, [pattern, by]) => all.replaceAll(pattern, by), text);
}

/** Returns a text without the control codes of terminals. */
export function withoutCodes(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/\x1b\[[\d;?]*[A-Za-z]|\r/g, "");
}
