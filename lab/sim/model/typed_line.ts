/** Parses a line of a client into text or a command, and the room that it names. */
import { sanitized } from "./sanitize.js";
import { afterSlash, beginsWithSlash, isBlank } from "./slash.js";

export interface TypedLine {
  /** The name of the room; empty if the line names none. */
  room: string;
  /** The raw text that the client says; undefined for a command. */
  text: Buffer | undefined;
  /** The sanitized command with its slash. */
  command: string;
}

/** Matches `in ROOM LINE` in bytes as Latin-1; exactly one space is between ROOM and LINE. */
const IN_ROOM = /^in +([^ ]+) (.+)$/is;
const IN = /^in /i;

/** Returns a line that is said, in a room or in the current one. */
export function saidLine(text: Buffer, room = ""): TypedLine {
  return { room, text, command: "" };
}

export function typedLine(bytes: Buffer, room = ""): TypedLine {
  const typed = afterSlash(bytes);
  if (typed === undefined) return saidLine(bytes, room);
  if (beginsWithSlash(typed)) return saidLine(typed, room);
  if (!IN.test(typed.toString("latin1"))) {
    return { room, text: undefined, command: `/${sanitized(typed).toString()}` };
  }
  const [, named, rest] = IN_ROOM.exec(typed.toString("latin1")) ?? [];
  const line = Buffer.from(rest ?? "", "latin1");
  if (room !== "" || named === undefined || isBlank(line)) {
    return { room: "", text: undefined, command: "/in" };
  }
  return typedLine(line, sanitized(Buffer.from(named, "latin1")).toString());
}
