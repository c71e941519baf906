/** Parses telnet commands, after guide/chat.md. A command is what follows a byte 255. */

const [EC, EL, AYT, SB, WILL, WONT, DO, DONT] = [247, 248, 246, 250, 251, 252, 253, 254] as const;
const TIMING_MARK = 6;
const REFUSALS_MOST = 64;
const SUBNEGOTIATION_MOST = 512;
/** Bytes that cut off an incomplete command: an end of line, or a slash in place of an option. */
const [LF, CR, SLASH] = [10, 13, 47] as const;
const SUBNEGOTIATION = /^\xfa(?:[^\xff]|\xff[^\xf0])*\xff\xf0$/;

export type Effect = "nothing" | "byte" | "erase character" | "erase line" | "text";

export class Telnet {
  isAsked = false;
  /** The bytes of the present command after the first 255; undefined outside a command. */
  #command: number[] | undefined;
  readonly #refused = new Set<string>();
  #answers: number[][] = [];
  #isMarked = false;

  get isWithin(): boolean {
    return this.#command !== undefined;
  }

  begin(): void {
    this.#command = [];
  }

  take(byte: number): Effect {
    const before = this.#command ?? [];
    if (before.length > 0 && isOfText(before, byte)) {
      this.#command = undefined;
      return "text";
    }
    const command = [...before, byte];
    this.#command = isWhole(command) ? undefined : command;
    if (this.isWithin || command.length > 2) return "nothing";
    if (command.length === 2) this.#negotiate(command);
    if (byte === AYT && command.length === 1) this.isAsked = true;
    return command.length === 1 ? effectOf(byte) : "nothing";
  }

  takeAnswers(): Buffer {
    const answers = this.#answers;
    if (this.#isMarked) answers.push([255, WILL, TIMING_MARK]);
    this.#isMarked = false;
    this.#answers = [];
    return Buffer.from(answers.flat());
  }

  #negotiate([verb = 0, option = 0]: readonly number[]): void {
    if (verb === WONT || verb === DONT) return;
    if (verb === DO && option === TIMING_MARK) {
      this.#isMarked = true;
      return;
    }
    const answer = [255, verb === DO ? WONT : DONT, option];
    if (this.#refused.size >= REFUSALS_MOST || this.#refused.has(answer.join())) return;
    this.#refused.add(answer.join());
    this.#answers.push(answer);
  }
}

function isWhole(command: readonly number[]): boolean {
  const [first = 0] = command;
  if (first < SB || first === 255) return true;
  if (first >= WILL) return command.length === 2;
  const text = String.fromCharCode(...command);
  return SUBNEGOTIATION.test(text) || command.length + 1 >= SUBNEGOTIATION_MOST;
}

/** Returns true if a byte within a command does not belong to it. */
function isOfText([verb = 0]: readonly number[], byte: number): boolean {
  return byte === LF || byte === CR || (byte === SLASH && verb >= WILL);
}

function effectOf(byte: number): Effect {
  if (byte === 255) return "byte";
  if (byte < 236) return "text";
  return byte === EC ? "erase character" : byte === EL ? "erase line" : "nothing";
}
