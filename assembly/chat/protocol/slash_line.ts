/** Parses lines of people and simple programs: text, `/command`, or the tutorial's `quit`. */
import { afterSlash, beginsWithSlash, beginsWithText, isBlank } from "../../text/slash";
import { afterFirstWord, firstWord } from "../../text/words";
import { Command, CommandId } from "./command";
import { findCommand } from "./command_table";
import { safeText } from "./safe_text";

/** The word that closes the connection, as in the tutorial. */
const QUIT = "quit";
/** The command that sends its line to another room. */
const IN = "/in";
/** The bytes of `in ` that come after the slash. */
const IN_BYTES: u32 = 3;
const SPACE: u8 = 0x20;
const LETTER_I: u8 = 0x69;
const LETTER_N: u8 = 0x6e;

/**
 * Parses a line of `length` bytes at `at` into a command. `//text` sends `/text` as text, and `/in
 * ROOM LINE` is the line for a room.
 *
 * @returns false for a blank line, which is ignored
 */
export function parseSlashLine(at: usize, length: u32, command: Command): bool {
  if (beginsWithText(at, length)) return parseTextLine(at, length, command);
  if (isBlank(at, length)) return false;
  const slash = afterSlash(at, length);
  if (slash == 0) parseTextLine(at, length, command);
  else parseSlashed(at + slash, length - slash, command);
  return true;
}

/** Parses what follows a slash. */
function parseSlashed(at: usize, length: u32, command: Command): void {
  if (beginsWithSlash(at, length)) {
    command.setSay(at, length);
  } else if (beginsWithIn(at, length)) {
    parseInRoom(at, length, command);
  } else {
    const line = "/" + safeText(at, length);
    const name = firstWord(line);
    const definition = findCommand(name);
    const id = definition === null ? CommandId.UNKNOWN : definition.id;
    command.setCommand(id, name, afterFirstWord(line));
  }
}

/** Parses `in ROOM LINE`. An empty LINE, or an `in` within LINE, is answered with the usage. */
function parseInRoom(at: usize, length: u32, command: Command): void {
  let from: u32 = IN_BYTES;
  while (from < length && load<u8>(at + from) == SPACE) from++;
  let end = from;
  while (end < length && load<u8>(at + end) != SPACE) end++;
  // One space is skipped: the others belong to the line.
  const line = at + end + 1;
  const lineBytes = end < length ? length - end - 1 : 0;
  if (command.namesRoom || lineBytes == 0 || isBlank(line, lineBytes)) {
    command.setCommand(CommandId.IN, IN, "");
    return;
  }
  command.setRoom(safeText(at + from, end - from));
  const slash = afterSlash(line, lineBytes);
  if (slash == 0) command.setSay(line, lineBytes);
  else parseSlashed(line + slash, lineBytes - slash, command);
}

/** Returns true if the text begins with `in` and a space, in upper or lower case. */
function beginsWithIn(at: usize, length: u32): bool {
  if (length < IN_BYTES || load<u8>(at, 2) != SPACE) return false;
  return (load<u8>(at) | 0x20) == LETTER_I && (load<u8>(at, 1) | 0x20) == LETTER_N;
}

/** Parses a line in which a slash has no meaning, and a blank line is text. @returns true */
// @ts-ignore: decorator
@inline
export function parseTextLine(at: usize, length: u32, command: Command): bool {
  if (isQuit(at, length)) command.setCommand(CommandId.QUIT, QUIT, "");
  else command.setSay(at, length);
  return true;
}

// @ts-ignore: decorator
@inline
function isQuit(at: usize, length: u32): bool {
  if (length != <u32>QUIT.length) return false;
  for (let i = 0; i < QUIT.length; i++) {
    if (load<u8>(at + i) != <u8>QUIT.charCodeAt(i)) return false;
  }
  return true;
}
