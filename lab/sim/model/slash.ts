/** Commands: lines whose first visible character is a slash, by reference/commands.md. */

const KEY = String.raw`\x1b\[[0-?]*[@-~]|\x1b\[\[[@-~]|\x1bO[@-~]`;
const UNSEEN = String.raw`[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]`;
const SLASH = "[/\uff0f\u2044\u2215\u29f8]";
const COMMAND = new RegExp(`^(?:${KEY}|${UNSEEN})*?${SLASH}`, "u");
const BLANK = new RegExp(`^${UNSEEN}*$`, "u");
const BEGINS = new RegExp(`^${SLASH}`, "u");

/** What stands after the slash of a command; undefined: the line is none. */
export function afterSlash(line: Buffer): Buffer | undefined {
  // Bytes that are no UTF-8 become visible marks, so what is found lies before them.
  const found = COMMAND.exec(line.toString("utf8"));
  return found === null ? undefined : line.subarray(Buffer.byteLength(found[0]));
}

/** Nothing of the line can be seen, so nobody says it. */
export function isBlank(line: Buffer): boolean {
  return BLANK.test(line.toString("utf8"));
}

export function beginsWithSlash(text: Buffer): boolean {
  return BEGINS.test(text.toString("utf8"));
}
