/**
 * A prompt on a terminal, with line editing, history and completion. Other output is written above
 * it without damage. The caller interprets the lines.
 *
 * The prompt sleeps until it is woken, and while another job has the terminal. Asleep, it neither
 * reads the terminal nor changes its modes, and output is written directly.
 */
import readline from "node:readline";

/** The prompt's text, the same as in the tutorial. */
export const PROMPT = ">>";
/** The number of lines in the history of the arrow keys. */
const HISTORY_LINES = 500;

export interface PromptEvents {
  onLine: (line: string) => void;
  /** Ctrl-C. In raw mode it is a key, not a signal. */
  onInterrupt: () => void;
  /** Ctrl-Z. In raw mode it is a key, not a signal. */
  onStop: () => void;
  /** Ctrl-D, or the terminal's end. */
  onEnd: () => void;
  /** Completes the last word of a line. @returns the words that can replace it */
  complete: (line: string) => Promise<string[]>;
}

/** The prompt. It is created asleep. */
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

  /** Shows the prompt and reads keys. This process must have the terminal, in any mode. */
  wake(): void {
    if (this.#closed) return;
    this.#interface ??= this.#open();
    this.#isAwake = true;
    // After a stop, the shell has changed the modes without Node's knowledge. So the mode is set
    // twice.
    this.input.setRawMode(false);
    this.input.setRawMode(true);
    this.#interface.prompt(true);
  }

  /** Stops reading. @param isOurs true if this process has the terminal and may change its modes */
  sleep(isOurs: boolean): void {
    if (this.#isAwake && isOurs) {
      this.#clear();
      this.input.setRawMode(false);
    }
    this.#isAwake = false;
    this.#interface?.pause();
  }

  /** Writes whole lines above the prompt. @returns false if the terminal applies backpressure */
  above(text: string): boolean {
    if (this.#interface === undefined || !this.#isAwake) return this.output.write(text);
    const { rows } = this.#interface.getCursorPos();
    this.#clear();
    // prompt() moves the cursor up by `rows` before it draws, so line feeds first move it down by
    // `rows`.
    const keeping = this.output.write(text + "\n".repeat(rows));
    this.#interface.prompt(true);
    return keeping;
  }

  /** Removes the prompt and restores the terminal. */
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
