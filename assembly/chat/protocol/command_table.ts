/** The commands that begin with a slash: how each is typed, what it takes, and what it is for. */

import { CommandId } from "./command";

/** Words that a command takes after its name. */
const ANY: i32 = i32.MAX_VALUE;

export class CommandDefinition {
  constructor(
    public id: CommandId,
    /** With its slash. */
    public name: string,
    /** What follows it. */
    public arguments: string,
    public help: string,
    public wordsLeast: i32,
    public wordsMost: i32,
  ) {}

  /** How it is typed. */
  get usage(): string {
    return this.arguments == "" ? this.name : `${this.name} ${this.arguments}`;
  }

  /** Whether what follows its name has as many words as it takes. */
  takes(rest: string): bool {
    const words = countWords(rest);
    return words >= this.wordsLeast && words <= this.wordsMost;
  }
}

export const commands: Array<CommandDefinition> = [
  new CommandDefinition(CommandId.HELP, "/help", "[COMMAND]", "what you can type", 0, 1),
  new CommandDefinition(CommandId.NICK, "/nick", "NAME", "choose your name", 1, 1),
  new CommandDefinition(CommandId.JOIN, "/join", "ROOM", "go to another room", 1, 1),
  new CommandDefinition(CommandId.PART, "/part", "", "go back to the lobby", 0, 0),
  new CommandDefinition(CommandId.ROOMS, "/rooms", "", "which rooms there are", 0, 0),
  new CommandDefinition(CommandId.WHO, "/who", "[ROOM]", "who is here, or in a room", 0, 1),
  new CommandDefinition(CommandId.WHOIS, "/whois", "NAME", "what is known of somebody", 1, 1),
  new CommandDefinition(CommandId.MSG, "/msg", "NAME TEXT", "speak to one person alone", 2, ANY),
  new CommandDefinition(
    CommandId.REPLY,
    "/reply",
    "TEXT",
    "answer who spoke to you alone last",
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
    "what was said before",
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
    "hear somebody no more, or again",
    0,
    1,
  ),
  new CommandDefinition(
    CommandId.STYLE,
    "/style",
    "[NAME]",
    "read as people do, line, or as programs, json",
    0,
    1,
  ),
  new CommandDefinition(CommandId.PING, "/ping", "[TEXT]", "get an answer", 0, ANY),
  new CommandDefinition(CommandId.QUIT, "/quit", "", "leave", 0, 0),
];

/** @returns the command of that name, in capitals or not; null if there is none */
export function findCommand(name: string): CommandDefinition | null {
  const lower = name.toLowerCase();
  for (let i = 0; i < commands.length; i++) if (commands[i].name == lower) return commands[i];
  return null;
}

/** @returns how a command is typed and used; not for SAY and UNKNOWN */
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
