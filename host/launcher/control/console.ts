/**
 * The console of a guest with a control channel: the launcher reads commands, asks the guest, and
 * prints the answers. On a terminal, it has a prompt with line editing (prompt.ts). Otherwise it
 * reads lines, and answers each before it reads the next, without a prompt.
 */
import { Writable } from "node:stream";
import { ConsoleInput, type ConsoleOutput, type GuestConsole } from "../guest/console.js";
import { JobControl } from "../guest/foreground.js";
import type { Guest } from "../guest/launch.js";
import { type ControlChannel, Unanswered } from "./channel.js";
import { LineSplitter } from "../guest/lines.js";
import type { Asker, Operator } from "./operator.js";
import { Prompt } from "./prompt.js";

const LINE_BYTES_MOST = 64 * 1024;

/** The streams of the user's terminal, or the pipes in its place. */
export interface UserEnd {
  input: NodeJS.ReadStream;
  output: ConsoleOutput;
  errors: ConsoleOutput;
}

abstract class ControlConsole implements GuestConsole {
  constructor(
    protected readonly channel: ControlChannel,
    protected readonly operator: Operator,
    private readonly asker: Asker,
  ) {}

  attach(guest: Guest): void {
    this.channel.attach(guest);
  }

  detach(): void {
    this.channel.detach();
  }

  quit(): void {
    this.channel.quit();
  }

  abstract close(): void;

  /** Runs a command. @returns the text to print; empty for `quit` */
  protected async answer(line: string): Promise<string> {
    try {
      const { text } = await this.operator.run(line, this.asker);
      return line.trim() === "quit" ? "" : text;
    } catch (error) {
      if (error instanceof Unanswered) return `${error.message}\n`;
      throw error;
    }
  }
}

/** The console for input from a pipe or a file. */
class PlainConsole extends ControlConsole {
  readonly #lines: ConsoleInput;
  readonly #splitter = new LineSplitter(LINE_BYTES_MOST);

  constructor(channel: ControlChannel, operator: Operator, { input, output }: UserEnd) {
    super(channel, operator, { name: "console", seesLog: false });
    this.#lines = new ConsoleInput(input);
    this.#lines.attach(
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          void this.#answerAll(this.#splitter.take(chunk), output).then(() => done(), done);
        },
      }),
    );
  }

  close(): void {
    this.#lines.close();
  }

  async #answerAll(lines: readonly string[], output: ConsoleOutput): Promise<void> {
    for (const line of lines) {
      if (line.trim() !== "") output.write(await this.answer(line));
    }
  }
}

/** The console for a terminal. */
class TerminalConsole extends ControlConsole {
  readonly #prompt: Prompt;
  readonly #jobs: JobControl;
  readonly #close: () => void;

  constructor(channel: ControlChannel, operator: Operator, { input, output, errors }: UserEnd) {
    super(channel, operator, { name: "console", seesLog: errors.terminal !== undefined });
    const { terminal } = output;
    if (terminal === undefined) throw new Error("the output is no terminal");
    this.#prompt = new Prompt(input, terminal, {
      onLine: (line) => void this.#answer(line),
      onInterrupt: () => process.kill(process.pid, "SIGINT"),
      onStop: () => {
        this.#prompt.sleep(true);
        this.#jobs.stop();
      },
      onEnd: () => {
        this.#close();
        output.write("\nconsole: closed; the server goes on, Ctrl-C stops it\n");
      },
      complete: (line) => operator.complete(line),
    });
    const above = (text: string): boolean => this.#prompt.above(text);
    const onDrain = (): void => errors.resume();
    output.divert(above);
    // The log goes to the same terminal, so it must be printed above the prompt, too.
    if (errors.terminal !== undefined) errors.divert(above);
    terminal.on("drain", onDrain);
    this.#jobs = new JobControl((isOurs) => {
      if (isOurs) this.#prompt.wake();
      else this.#prompt.sleep(false);
    });
    this.#close = () => {
      this.#jobs.close();
      output.divert();
      errors.divert();
      terminal.off("drain", onDrain);
      errors.resume();
    };
  }

  close(): void {
    this.#close();
    this.#prompt.close();
  }

  async #answer(line: string): Promise<void> {
    if (line.trim() === "") return;
    this.#prompt.above(await this.answer(line));
  }
}

/** Opens the console that fits the user's streams. */
export function openConsole(
  channel: ControlChannel,
  operator: Operator,
  user: UserEnd,
): GuestConsole & { close(): void } {
  const isTerminal = user.input.isTTY && user.output.terminal !== undefined;
  return isTerminal
    ? new TerminalConsole(channel, operator, user)
    : new PlainConsole(channel, operator, user);
}
