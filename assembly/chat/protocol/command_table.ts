/** The table of slash commands: name, arguments and help of each. */

import { CommandId } from "./command";

/** Any number of words as arguments. */
const ANY: i32 = i32.MAX_VALUE;

export class CommandDefinition {
  constructor(
    public id: CommandId,
    /** The name with its slash. */
    public name: string,
    /** The arguments, for the help. */
    public arguments: string,
    public help: string,
    public wordsLeast: i32,
    public wordsMost: i32,
  ) {}

  /** The command with its arguments, as it is typed. */
  get usage(): string {
    return this.arguments == "" ? this.name : `${this.name} ${this.arguments}`;
  }

  /** Returns true if the number of words after the name is allowed. */
  acceptsArguments(rest: string): bool {
    const words = countWords(rest);
    return words >= this.wordsLeast && words <= this.wordsMost;
  }
}

export const commands: Array<CommandDefinition> = [
  new CommandDefinition(
    CommandId.HELP,
    "/help",
    "[COMMAND]",
    "list the commands, or explain one",
    0,
    1,
  ),
  new CommandDefinition(CommandId.NICK, "/nick", "NAME", "choose your name", 1, 1),
  new CommandDefinition(CommandId.JOIN, "/join", "ROOM [KEY]", "go to another room", 1, 2),
  new CommandDefinition(CommandId.PART, "/part", "", "go back to the lobby", 0, 0),
  new CommandDefinition(
    CommandId.IN,
    "/in",
    "ROOM LINE",
    "type a line for one of your rooms",
    2,
    ANY,
  ),
  new CommandDefinition(CommandId.ROOMS, "/rooms", "", "list the rooms", 0, 0),
  new CommandDefinition(CommandId.WHO, "/who", "[ROOM]", "list the users here, or in a room", 0, 1),
  new CommandDefinition(
    CommandId.WHOIS,
    "/whois",
    "NAME",
    "tell where a user is, and since when",
    1,
    1,
  ),
  new CommandDefinition(
    CommandId.MSG,
    "/msg",
    "NAME TEXT",
    "send a private message to a user",
    2,
    ANY,
  ),
  new CommandDefinition(
    CommandId.REPLY,
    "/reply",
    "TEXT",
    "answer the last private message",
    1,
    ANY,
  ),
  new CommandDefinition(CommandId.ME, "/me", "TEXT", "say what you are doing", 1, ANY),
  new CommandDefinition(
    CommandId.TOPIC,
    "/topic",
    "[TEXT]",
    "read or set what the room is about",
    0,
    ANY,
  ),
  new CommandDefinition(
    CommandId.HISTORY,
    "/history",
    "[N | since ID]",
    "show earlier messages",
    0,
    2,
  ),
  new CommandDefinition(
    CommandId.AWAY,
    "/away",
    "[TEXT]",
    "say that you are away, or back",
    0,
    ANY,
  ),
  new CommandDefinition(
    CommandId.IGNORE,
    "/ignore",
    "[NAME]",
    "hide a user's messages, or show them again",
    0,
    1,
  ),
  new CommandDefinition(
    CommandId.STYLE,
    "/style",
    "[NAME]",
    "choose how you read: line, or json for programs",
    0,
    1,
  ),
  new CommandDefinition(CommandId.OP, "/op", "NAME", "make a user an operator of the room", 1, 1),
  new CommandDefinition(CommandId.DEOP, "/deop", "NAME", "make an operator a plain user", 1, 1),
  new CommandDefinition(
    CommandId.VOICE,
    "/voice",
    "NAME",
    "let a user speak in a moderated room",
    1,
    1,
  ),
  new CommandDefinition(CommandId.DEVOICE, "/devoice", "NAME", "take a user's voice back", 1, 1),
  new CommandDefinition(
    CommandId.KICK,
    "/kick",
    "NAME [WHY]",
    "send a user out of the room",
    1,
    ANY,
  ),
  new CommandDefinition(CommandId.INVITE, "/invite", "NAME", "invite a user to the room", 1, 1),
  new CommandDefinition(
    CommandId.MODE,
    "/mode",
    "[CHANGES]",
    "read or change the rules of the room: +i, -t, +b MASK",
    0,
    ANY,
  ),
  new CommandDefinition(CommandId.PING, "/ping", "[TEXT]", "get an answer", 0, ANY),
  new CommandDefinition(CommandId.QUIT, "/quit", "", "leave", 0, 0),
];

/** Returns the command with this name, in upper or lower case, or null. */
export function findCommand(name: string): CommandDefinition | null {
  const lower = name.toLowerCase();
  for (let i = 0; i < commands.length; i++) if (commands[i].name == lower) return commands[i];
  return null;
}

/** Returns the definition of a command. SAY and UNKNOWN have none. */
export function definitionOf(id: CommandId): CommandDefinition {
  for (let i = 0; i < commands.length; i++) if (commands[i].id == id) return commands[i];
  assert(false, "a command is not in the table");
  return commands[0];
}

function countWords(text: string): i32 {
  let words = 0;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) != 0x20 && (i == 0 || text.charCodeAt(i - 1) == 0x20)) words++;
  }
  return words;
}
