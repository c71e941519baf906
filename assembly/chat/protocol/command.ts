/** A client's command, independent of its protocol. */

export enum CommandId {
  /** Sends the text of the line to the current room. */
  SAY = 0,
  /** The line names a command that does not exist. */
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
  IN = 19,
  OP = 20,
  DEOP = 21,
  VOICE = 22,
  DEVOICE = 23,
  KICK = 24,
  INVITE = 25,
  MODE = 26,
}

/** One parsed line. The object is reused for the next one, so that a message allocates nothing. */
export class Command {
  id: CommandId = CommandId.SAY;
  /** True if the line names a room. Otherwise it is for the current one. */
  namesRoom: bool = false;
  /** The room that the line names; empty for the current one. */
  room: string = "";
  /**
   * The address of the raw text of SAY, of `textBytes` bytes. It is valid until the line has been
   * handled.
   */
  text: usize = 0;
  textBytes: u32 = 0;
  /** The name of a command other than SAY, as typed, sanitized. */
  name: string = "";
  /** The text after that name, sanitized. */
  rest: string = "";

  /** Begins a line, which names no room yet. */
  // @ts-ignore: decorator
  @inline
  beginLine(): void {
    if (this.namesRoom) this.setRoom("");
  }

  /** Sets the room that the line names; empty for the current one. */
  setRoom(name: string): void {
    this.namesRoom = name != "";
    this.room = name;
  }

  /** Sets the id SAY, and its raw text: `length` bytes at `at`. */
  // @ts-ignore: decorator
  @inline
  setSay(at: usize, length: u32): void {
    this.id = CommandId.SAY;
    this.text = at;
    this.textBytes = length;
  }

  /** Sets the id of another command, its name as typed, and the sanitized text after the name. */
  setCommand(id: CommandId, name: string, rest: string): void {
    this.id = id;
    this.name = name;
    this.rest = rest;
  }
}
