/**
 * A prompt on a terminal: a line being edited, with history and completion, which stays intact
 * while other lines are written above it. What is typed is for others to understand.
 *
 * It sleeps until it is woken, and while the terminal belongs to another job: then it neither reads
 * the terminal nor changes its modes, and what is written goes out as it is.
 */
import readline from "node:readline";

/** As the tutorial's. */
export const PROMPT = ">>";
/** Lines that can be had again with the arrow keys. */
const HISTORY_LINES = 500;

export interface PromptEvents {
  onLine: (line: string) => void;
  /** Ctrl-C, which is no signal while keys are read one by one. */
  onInterrupt: () => void;
  /** Ctrl-Z, likewise. */
  onStop: () => void;
  /** Ctrl-D, or the terminal's end. */
  onEnd: () => void;
  /** @returns what the line may go on with: whole words in place of the last */
  complete: (line: string) => Promise<string[]>;
}

export class Prompt {
  #interface: readline.Interface | undefined;
  #isAwake = false;
  #closed = false;

  constructor(
    private readonly input: NodeJS.ReadStream,
    private readonly output: NodeJS.WriteStream,
    private readonly events: PromptEvents,
    private readonly prompt = PROMPT,
  ) {}

  /** Shows the line, and reads keys; the terminal is ours, with whatever modes it has. */
  wake(): void {
    if (this.#closed) return;
    this.#interface ??= this.#open();
    this.#isAwake = true;
    // A shell that stopped us has set modes of its own, of which Node does not know.
    this.input.setRawMode(false);
    this.input.setRawMode(true);
    this.#interface.prompt(true);
  }

  /** Reads no more. @param isOurs whether the terminal's modes may be changed */
  sleep(isOurs: boolean): void {
    if (this.#isAwake && isOurs) {
      this.#clear();
      this.input.setRawMode(false);
    }
    this.#isAwake = false;
    this.#interface?.pause();
  }

  /** Writes whole lines above the line being edited. @returns false if the terminal is behind */
  above(text: string): boolean {
    if (this.#interface === undefined || !this.#isAwake) return this.output.write(text);
    const { rows } = this.#interface.getCursorPos();
    this.#clear();
    // It goes up as many rows as it went down, before it draws the line again.
    const keeping = this.output.write(text + "\n".repeat(rows));
    this.#interface.prompt(true);
    return keeping;
  }

  /** Leaves the terminal as it was, without a prompt. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#isAwake) return;
    this.#clear();
    this.#isAwake = false;
    this.#interface?.close();
  }

  #open(): readline.Interface {
    const { input, output, events, prompt } = this;
    const opened = readline.createInterface({
      ...{ input, output, prompt, terminal: true },
      ...{ historySize: HISTORY_LINES, removeHistoryDuplicates: true },
      completer: (line: string, done: Completed) => {
        const word = line.slice(line.lastIndexOf(" ") + 1);
        events.complete(line).then(
          (words) => done(null, [words, word]),
          () => done(null, [[], word]),
        );
      },
    });
    opened.on("line", (line) => {
      events.onLine(line);
      opened.prompt();
    });
    opened.on("SIGINT", events.onInterrupt);
    opened.on("SIGTSTP", events.onStop);
    opened.on("close", () => {
      if (this.#closed) return;
      this.#closed = true;
      this.#isAwake = false;
      events.onEnd();
    });
    return opened;
  }

  #clear(): void {
    const rows = this.#interface?.getCursorPos().rows ?? 0;
    readline.moveCursor(this.output, 0, -rows);
    readline.cursorTo(this.output, 0);
    readline.clearScreenDown(this.output);
  }
}

type Completed = (error: null, result: [string[], string]) => void;
