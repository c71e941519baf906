/** Reads the operator's commands from stdin, line by line. */
import { Handler, Loop } from "../../loop/loop";
import { SelectorError } from "../../selectors/errors";
import { EVENT_READ } from "../../selectors/events";
import { AGAIN } from "../../wasi/errno";
import { readStdin, STDIN, STDIN_READ_BYTES } from "../../wasi/stdio";
import { LineReader } from "../framing/line_reader";

/** A command at the console has at most this length. @limit bytes */
export const CONSOLE_LINE_BYTES: u32 = 4096;

const buffer = memory.data(8192);

/** The receiver of the lines. */
export abstract class ConsoleHandler {
  /** Handles a line, without its newline. */
  abstract onConsoleLine(line: string): void;
  /** Handles the end of stdin. */
  abstract onConsoleEnd(): void;
}

export class ConsoleInput extends Handler {
  private reader: LineReader = new LineReader(CONSOLE_LINE_BYTES);

  constructor(
    private loop: Loop,
    private handler: ConsoleHandler,
  ) {
    super();
  }

  /**
   * Begins to read.
   *
   * @param trusted true if stdin is known to be a socket or a pipe: see `BaseSelector.trustStdin`
   * @returns UNPOLLABLE for /dev/null, a regular file, or a socket that is not trusted
   */
  open(trusted: bool): SelectorError {
    this.loop.selector.trustStdin = trusted;
    return this.loop.watch(STDIN, EVENT_READ, this);
  }

  onReady(_mask: u32): void {
    const got = readStdin(buffer, STDIN_READ_BYTES);
    if (got == -AGAIN) return;
    const reader = this.reader;
    if (got > 0) {
      reader.offerBytes(buffer, got);
      while (reader.nextLine()) this.handle();
      reader.keepUnfinished();
      return;
    }
    this.loop.unwatch(STDIN);
    if (reader.finishStream()) this.handle();
    this.handler.onConsoleEnd();
  }

  private handle(): void {
    const reader = this.reader;
    this.handler.onConsoleLine(String.UTF8.decodeUnsafe(reader.line, reader.length));
  }
}
