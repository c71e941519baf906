/**
 * A prompt on a terminal: a line being edited, with history and completion, which stays intact
 * while other lines are written above it. What is typed is for others to understand.
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
  /** Ctrl-D, or the terminal's end. */
  onEnd: () => void;
  /** @returns what the line may go on with: whole words in place of the last */
  complete: (line: string) => Promise<string[]>;
}

export class Prompt {
  readonly #interface: readline.Interface;
  #closed = false;

  constructor(
    input: NodeJS.ReadStream,
    private readonly output: NodeJS.WriteStream,
    events: PromptEvents,
  ) {
    this.#interface = readline.createInterface({
      ...{ input, output, prompt: PROMPT, terminal: true },
      ...{ historySize: HISTORY_LINES, removeHistoryDuplicates: true },
      completer: (line: string, done: Completed) => {
        const word = line.slice(line.lastIndexOf(" ") + 1);
        events.complete(line).then(
          (words) => done(null, [words, word]),
          () => done(null, [[], word]),
        );
      },
    });
    this.#interface.on("line", (line) => {
      events.onLine(line);
      this.#interface.prompt();
    });
    this.#interface.on("SIGINT", events.onInterrupt);
    this.#interface.on("close", () => {
      if (this.#closed) return;
      this.#closed = true;
      events.onEnd();
    });
    this.#interface.prompt();
  }

  /** Writes whole lines above the line being edited. @returns false if the terminal is behind */
  above(text: string): boolean {
    if (this.#closed) return this.output.write(text);
    const { rows } = this.#interface.getCursorPos();
    readline.moveCursor(this.output, 0, -rows);
    readline.cursorTo(this.output, 0);
    readline.clearScreenDown(this.output);
    // It goes up as many rows as it went down, before it draws the line again.
    const keeping = this.output.write(text + "\n".repeat(rows));
    this.#interface.prompt(true);
    return keeping;
  }

  /** Leaves the terminal as it was, without a prompt. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    readline.moveCursor(this.output, 0, -this.#interface.getCursorPos().rows);
    readline.cursorTo(this.output, 0);
    readline.clearScreenDown(this.output);
    this.#interface.close();
  }
}

type Completed = (error: null, result: [string[], string]) => void;
