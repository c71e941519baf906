/**
 * Detects commands: lines whose first visible character is a slash, after reference/commands.md.
 */

const KEY = String.raw`\x1b\[[0-?]*[@-~]|\x1b\[\[[@-~]|\x1bO[@-~]`;
const UNSEEN = String.raw`[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]`;
const SLASH = "[/\uff0f\u2044\u2215\u29f8]";
const COMMAND = new RegExp(`^(?:${KEY}|${UNSEEN})*?${SLASH}`, "u");
const BLANK = new RegExp(`^${UNSEEN}*$`, "u");
const BEGINS = new RegExp(`^${SLASH}`, "u");

/** Returns the bytes after the slash of a command; undefined if the line is no command. */
export function afterSlash(line: Buffer): Buffer | undefined {
  // Invalid UTF-8 becomes visible replacement characters, so a match never extends past it.
  const found = COMMAND.exec(line.toString("utf8"));
  return found === null ? undefined : line.subarray(Buffer.byteLength(found[0]));
}

/** Returns true if nothing of a line is visible: it is dropped. */
export function isBlank(line: Buffer): boolean {
  return BLANK.test(line.toString("utf8"));
}

export function beginsWithSlash(text: Buffer): boolean {
  return BEGINS.test(text.toString("utf8"));
}
