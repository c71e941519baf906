/** Reads typed lines and shows what arrives, on a terminal or in a pipe. */
import type { UserEnd } from "../control/console.js";
import { Prompt } from "../control/prompt.js";
import { JobControl } from "../guest/foreground.js";
import { InputLines } from "./input_lines.js";
import { KnownWords } from "./known_words.js";
import type { Link } from "./link.js";
import type { ServerObject } from "./objects.js";
import { render } from "./render.js";
import type { Session } from "./session.js";

const PROMPT = "> ";
/** The longest line of the input, in bytes. Servers accept lines of at most 16 KiB. */
export const LINE_BYTES_MOST = 64 * 1024;
/** The length of the queue at which a pipe is no longer read. */
export const WAITING_LINES_MOST = 1_000;
const NO_STYLE = "/style is not for this client, which reads style json";
/** Matches the command `/style`, which is refused: this client reads style json only. */
const STYLE = /^\s*[/\uff0f\u2044\u2215\u29f8]style(\s|$)/iu;

export abstract class View {
  #shown = "";
  protected session!: Session;

  constructor(protected readonly user: UserEnd) {}

  /** Begins to read the input. */
  open(session: Session): void {
    this.session = session;
    this.user.output.onBroken = () => session.leave();
  }

  abstract close(): void;
  abstract onSent(): void;

  /** Shows what arrives. The connection is read as fast as the output takes it. */
  readonly onLink = (link: Link): void => {
    this.user.output.carry(link.socket, (chunk) => {
      this.session.take(chunk);
      return this.#takeShown();
    });
  };

  onObject(object: ServerObject): void {
    const { you } = this.session.place;
    this.#shown += render(object, { you, hasColour: this.hasColour, now: new Date() });
  }

  readonly onWords = (words: string): void => {
    this.user.output.write(this.#takeShown());
    this.user.errors.write(`pollcast: ${words}\n`);
  };

  protected get hasColour(): boolean {
    return false;
  }

  #takeShown(): string {
    const shown = this.#shown;
    this.#shown = "";
    return shown;
  }
}

/** The view in a pipe: each line of the input is sent, each object is a line of the output. */
export class PlainView extends View {
  readonly #input = new InputLines(LINE_BYTES_MOST);
  /** Lines that have been read, but not been given to the session. */
  #lines: string[] = [];
  #hasEnded = false;

  override open(session: Session): void {
    super.open(session);
    const { input } = this.user;
    input.on("data", (chunk: Buffer) => this.#read(this.#input.take(chunk)));
    input.once("end", this.#onEnd).once("error", this.#onEnd);
  }

  onSent(): void {
    const room = WAITING_LINES_MOST - this.session.waitingLines;
    for (const line of this.#lines.splice(0, Math.max(0, room))) {
      if (STYLE.test(line)) this.onWords(NO_STYLE);
      else this.session.add(line);
    }
    if (this.#lines.length > 0) this.user.input.pause();
    else if (this.#hasEnded) this.session.finish();
    else this.user.input.resume();
  }

  close(): void {
    this.user.input.pause();
  }

  #read(lines: readonly string[]): void {
    const count = this.#input.takeTooLong();
    const long = `of more than ${LINE_BYTES_MOST} bytes`;
    if (count === 1) this.onWords(`1 line ${long} was not sent`);
    if (count > 1) this.onWords(`${count} lines ${long} were not sent`);
    this.#lines.push(...lines);
    this.onSent();
  }

  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    this.#read(this.#input.rest());
  };
}

/** The view on a terminal: with a prompt, a history and completion. */
export class TerminalView extends View {
  readonly #words = new KnownWords();
  readonly #prompt: Prompt;
  #jobs: JobControl | undefined;

  constructor(
    user: UserEnd,
    private readonly terminal: NodeJS.WriteStream,
  ) {
    super(user);
    const leave = (): void => this.session.leave();
    this.#prompt = new Prompt(
      user.input,
      terminal,
      {
        onLine: (line) => this.#onLine(line),
        onInterrupt: leave,
        onEnd: () => {
          // The prompt does not end its line.
          user.output.write("\n");
          leave();
        },
        onStop: () => {
          this.#prompt.sleep(true);
          this.#jobs?.stop();
        },
        complete: (line) => Promise.resolve(this.#words.complete(line)),
      },
      PROMPT,
    );
  }

  override open(session: Session): void {
    super.open(session);
    const { output, errors } = this.user;
    const above = (text: string): boolean => this.#prompt.above(text);
    output.divert(above);
    if (errors.terminal !== undefined) errors.divert(above);
    this.terminal.on("drain", this.#onDrain);
    this.#jobs = new JobControl((isOurs) => {
      if (isOurs) this.#prompt.wake();
      else this.#prompt.sleep(false);
    });
  }

  onSent(): void {
    // A terminal is always read: pasted lines wait in the session's queue.
  }

  close(): void {
    this.#jobs?.close();
    this.#prompt.close();
    this.user.output.divert();
    this.user.errors.divert();
    this.terminal.off("drain", this.#onDrain);
  }

  override onObject(object: ServerObject): void {
    this.#words.hear(object);
    super.onObject(object);
  }

  protected override get hasColour(): boolean {
    return this.terminal.hasColors();
  }

  readonly #onDrain = (): void => this.user.output.resume();

  #onLine(line: string): void {
    const words = this.#trouble(line);
    if (words !== "") this.onWords(words);
  }

  /** Sends a line. @returns an error message, or empty */
  #trouble(line: string): string {
    if (line.trim() === "") return "";
    if (STYLE.test(line)) return NO_STYLE;
    if (!this.session.isConnected)
      return "not connected: that was not sent, the Up key has it again";
    return this.session.add(line) ? "" : "that was not sent: too many lines wait";
  }
}
