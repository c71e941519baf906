/**
 * Handles telnet commands (RFC 854, 855) in a client's input. Each begins with the byte 255, which
 * never occurs in UTF-8, so a client that does not speak telnet sends none.
 *
 * The server uses no telnet option and offers none. It refuses each option once, up to
 * {@link REFUSALS_MOST} of them. It answers TIMING-MARK (RFC 860) whenever a client requests it:
 * after Ctrl-C some clients show nothing until that answer comes.
 *
 * A client without telnet may send 255 by mistake: in Latin-1, or as FF FE, the byte order mark of
 * UTF-16, which reads as IAC DONT. So no telnet command consumes CR, LF or a slash: otherwise
 * `/nick ann` after the mark would lose its slash, and the room would get it as text.
 */

/** The byte that begins a command: "interpret as command". */
export const IAC: u8 = 0xff;
/** The most options that are refused to one client, in both directions. More get no answer. */
export const REFUSALS_MOST: i32 = 64;
/** The most bytes of a subnegotiation, from IAC SB on. After these, the input is text again. */
export const SUBNEGOTIATION_BYTES_MOST: u32 = 512;

/** The effect of a command's byte on the line. */
export enum Effect {
  NONE = 0,
  /** The byte belongs to the line: 255, which was sent twice. */
  BYTE = 1,
  /** The last character is removed. */
  ERASE_CHARACTER = 2,
  /** The whole line is removed. */
  ERASE_LINE = 3,
  /** The byte is not part of the command: the reader reads it again, as text. */
  TEXT = 4,
}

enum State {
  TEXT = 0,
  /** After IAC. */
  COMMAND = 1,
  /** After WILL, WONT, DO or DONT. */
  OPTION = 2,
  /** After SB. */
  SUBNEGOTIATION = 3,
  /** After IAC within a subnegotiation. */
  SUBNEGOTIATION_COMMAND = 4,
}

namespace Code {
  /** The smallest command byte: end of file (RFC 1184). */
  export const FIRST: u8 = 236;
  export const SE: u8 = 240;
  export const ARE_YOU_THERE: u8 = 246;
  export const ERASE_CHARACTER: u8 = 247;
  export const ERASE_LINE: u8 = 248;
  export const SB: u8 = 250;
  export const WILL: u8 = 251;
  export const WONT: u8 = 252;
  export const DO: u8 = 253;
  export const DONT: u8 = 254;
}
const TIMING_MARK: u8 = 6;
const NEWLINE: u8 = 0x0a;
const CARRIAGE_RETURN: u8 = 0x0d;
const SLASH: u8 = 0x2f;

export class Telnet {
  /** True if the client has sent ARE YOU THERE and has no answer yet. */
  isAsked: bool = false;

  private state: State = State.TEXT;
  private verb: u8 = 0;
  /** The number of bytes of the current subnegotiation. */
  private bytes: u32 = 0;
  /** The refused options: the verb of the refusal in the high byte, the option in the low one. */
  private refused: Array<u16> = [];
  private answers: Array<u8> = [];
  private isMarked: bool = false;

  /** True within a command. */
  get isWithin(): bool {
    return this.state != State.TEXT;
  }

  /** Begins a command, after IAC. */
  beginCommand(): void {
    this.state = State.COMMAND;
  }

  /** Handles the next byte of a command. @returns its effect on the line */
  handleByte(byte: u8): Effect {
    switch (this.state) {
      case State.COMMAND:
        return this.takeCommand(byte);
      case State.OPTION:
        this.state = State.TEXT;
        if (isOfText(byte)) return Effect.TEXT;
        this.answerOption(byte);
        return Effect.NONE;
      default:
        return this.takeSubnegotiation(byte);
    }
  }

  /** Returns the answers to send now, mostly none, and clears them. */
  takeAnswers(): Array<u8> {
    const answers = this.answers;
    if (this.isMarked) this.pushAnswer(Code.WILL, TIMING_MARK);
    this.isMarked = false;
    if (answers.length > 0) this.answers = [];
    return answers;
  }

  private takeCommand(byte: u8): Effect {
    this.state = State.TEXT;
    if (byte == IAC) return Effect.BYTE;
    if (byte < Code.FIRST) return Effect.TEXT;
    if (byte == Code.ERASE_CHARACTER) return Effect.ERASE_CHARACTER;
    if (byte == Code.ERASE_LINE) return Effect.ERASE_LINE;
    if (byte == Code.ARE_YOU_THERE) {
      this.isAsked = true;
    } else if (byte == Code.SB) {
      this.bytes = 2;
      this.state = State.SUBNEGOTIATION;
    } else if (byte >= Code.WILL) {
      this.verb = byte;
      this.state = State.OPTION;
    }
    return Effect.NONE;
  }

  private takeSubnegotiation(byte: u8): Effect {
    const isCommand = this.state == State.SUBNEGOTIATION_COMMAND;
    if (byte == NEWLINE || byte == CARRIAGE_RETURN) {
      this.state = State.TEXT;
      return Effect.TEXT;
    }
    this.state = State.SUBNEGOTIATION;
    this.bytes++;
    if (isCommand && byte == Code.SE) this.state = State.TEXT;
    else if (this.bytes >= SUBNEGOTIATION_BYTES_MOST) this.state = State.TEXT;
    else if (!isCommand && byte == IAC) this.state = State.SUBNEGOTIATION_COMMAND;
    return Effect.NONE;
  }

  /** Answers an option request. WONT and DONT need no answer, since every option is off already. */
  private answerOption(option: u8): void {
    const verb = this.verb;
    if (verb == Code.WONT || verb == Code.DONT) return;
    if (verb == Code.DO && option == TIMING_MARK) {
      this.isMarked = true;
      return;
    }
    const refusal = verb == Code.DO ? Code.WONT : Code.DONT;
    const known = ((<u16>refusal) << 8) | (<u16>option);
    if (this.refused.length >= REFUSALS_MOST || this.refused.includes(known)) return;
    this.refused.push(known);
    this.pushAnswer(refusal, option);
  }

  private pushAnswer(verb: u8, option: u8): void {
    this.answers.push(IAC);
    this.answers.push(verb);
    this.answers.push(option);
  }
}

/**
 * Returns true if the byte is text, even in place of an option: no client requests these options.
 */
function isOfText(byte: u8): bool {
  return byte == NEWLINE || byte == CARRIAGE_RETURN || byte == SLASH;
}
