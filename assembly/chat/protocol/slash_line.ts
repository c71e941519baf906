/** Parses lines of people and simple programs: text, `/command`, or the tutorial's `quit`. */
import { afterSlash, beginsWithSlash, beginsWithText, isBlank } from "../../text/slash";
import { afterFirstWord, firstWord } from "../../text/words";
import { Command, CommandId } from "./command";
import { findCommand } from "./command_table";
import { safeText } from "./safe_text";

/** The word that closes the connection, as in the tutorial. */
const QUIT = "quit";

/**
 * Parses a line of `length` bytes at `at` into a command. `//text` sends `/text` as text.
 *
 * @returns false for a blank line, which is ignored
 */
export function parseSlashLine(at: usize, length: u32, command: Command): bool {
  if (beginsWithText(at, length)) return parseTextLine(at, length, command);
  if (isBlank(at, length)) return false;
  const slash = afterSlash(at, length);
  const rest = length - slash;
  if (slash == 0) {
    return parseTextLine(at, length, command);
  } else if (beginsWithSlash(at + slash, rest)) {
    command.setText(at + slash, rest);
  } else {
    const line = "/" + safeText(at + slash, rest);
    const name = firstWord(line);
    const definition = findCommand(name);
    const id = definition === null ? CommandId.UNKNOWN : definition.id;
    command.setCommand(id, name, afterFirstWord(line));
  }
  return true;
}

/** Parses a line in which a slash has no meaning, and a blank line is text. @returns true */
// @ts-ignore: decorator
@inline
export function parseTextLine(at: usize, length: u32, command: Command): bool {
  if (isQuit(at, length)) command.setCommand(CommandId.QUIT, QUIT, "");
  else command.setText(at, length);
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
