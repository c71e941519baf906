/** What a client asks for with one line, whatever its protocol calls it. */

export enum CommandId {
  /** Says the line's text in the current room. */
  SAY = 0,
  /** The line names a command that there is not. */
  UNKNOWN = 1,
  HELP = 2,
  NICK = 3,
  JOIN = 4,
  PART = 5,
  ROOMS = 6,
  WHO = 7,
  WHOIS = 8,
  MSG = 9,
  REPLY = 10,
  ME = 11,
  TOPIC = 12,
  HISTORY = 13,
  AWAY = 14,
  IGNORE = 15,
  STYLE = 16,
  PING = 17,
  QUIT = 18,
}

/** One parsed line. The object is used again for the next one, so a message allocates nothing. */
export class Command {
  id: CommandId = CommandId.SAY;
  /** SAY: the text, `textBytes` bytes at `text`, as it came; good until the line is handled. */
  text: usize = 0;
  textBytes: u32 = 0;
  /** All others: the command's name as it was typed, and what follows it, made safe. */
  name: string = "";
  rest: string = "";

  setText(at: usize, length: u32): void {
    this.id = CommandId.SAY;
    this.text = at;
    this.textBytes = length;
  }

  setCommand(id: CommandId, name: string, rest: string): void {
    this.id = id;
    this.name = name;
    this.rest = rest;
  }
}
