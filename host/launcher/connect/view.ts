/** What is shown, and what is typed: in front of a terminal, or in a pipe. */
import type { UserEnd } from "../control/console.js";
import { Prompt } from "../control/prompt.js";
import { JobControl } from "../guest/foreground.js";
import { LineSplitter } from "../guest/lines.js";
import { KnownWords } from "./known_words.js";
import type { Link } from "./link.js";
import type { ServerObject } from "./objects.js";
import { render } from "./render.js";
import type { Session } from "./session.js";

const PROMPT = "> ";
/** A server reads at most 16 KiB of a line; what is longer is cut. */
const LINE_BYTES_MOST = 64 * 1024;
/** Lines that wait to be sent, above which a pipe is not read. */
const WAITING_LINES_MOST = 1_000;
/** This client reads style json only. */
const STYLE = /^\s*[/\uff0f\u2044\u2215\u29f8]style(\s|$)/iu;

export abstract class View {
  #shown = "";
  protected session!: Session;

  constructor(protected readonly user: UserEnd) {}

  /** Begins to read what is typed. */
  open(session: Session): void {
    this.session = session;
    this.user.output.onBroken = () => session.leave();
  }

  abstract close(): void;
  abstract onSent(): void;

  /** What the connection hears is shown as fast as it is read. */
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

/** For pipes and files: a line is a line. */
export class PlainView extends View {
  readonly #splitter = new LineSplitter(LINE_BYTES_MOST);

  override open(session: Session): void {
    super.open(session);
    const { input } = this.user;
    input.on("data", (chunk: Buffer) => this.#add(this.#splitter.take(chunk)));
    input.once("end", this.#onEnd).once("error", this.#onEnd);
  }

  onSent(): void {
    if (this.session.waitingLines <= WAITING_LINES_MOST) this.user.input.resume();
  }

  close(): void {
    this.user.input.pause();
  }

  #add(lines: readonly string[]): void {
    for (const line of lines) {
      if (STYLE.test(line)) this.onWords("/style is not for this client, which reads style json");
      else if (!this.session.add(line.replace(/\r$/, "")))
        this.onWords("a line was not sent: too many wait");
    }
    if (this.session.waitingLines > WAITING_LINES_MOST) this.user.input.pause();
  }

  readonly #onEnd = (): void => {
    const rest = this.#splitter.rest();
    if (rest !== "") this.#add([rest]);
    this.session.finish();
  };
}

/** For people. */
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
          // The line is not drawn again.
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
    // What is pasted waits in the queue.
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

  /** Sends a line. @returns why it was not sent, if so */
  #trouble(line: string): string {
    if (line.trim() === "") return "";
    if (STYLE.test(line)) return "/style is not for this client, which reads style json";
    if (!this.session.isConnected)
      return "not connected: that was not sent, the Up key has it again";
    return this.session.add(line) ? "" : "that was not sent: too many lines wait";
  }
}
