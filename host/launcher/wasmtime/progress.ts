/**
 * Shows the progress of a long task: on a terminal by one line that is rewritten, elsewhere (CI, a
 * file) by a line every 15 seconds.
 */
import type { Writable } from "node:stream";

const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 15_000;

export class Progress {
  readonly #output: Writable & { isTTY?: boolean };
  #shownAt = -Infinity;
  #open = false;

  constructor(output: Writable & { isTTY?: boolean } = process.stderr) {
    this.#output = output;
  }

  update(text: string): void {
    const terminal = this.#output.isTTY === true;
    const now = performance.now();
    if (now - this.#shownAt < (terminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)) return;
    this.#shownAt = now;
    this.#output.write(terminal ? `\r\x1b[Kpollcast: ${text}` : `pollcast: ${text}\n`);
    this.#open = terminal;
  }

  /** Prints permanent lines. */
  print(lines: readonly string[]): void {
    this.done();
    for (const line of lines) this.#output.write(`${line}\n`);
  }

  /** Removes the progress line. */
  done(): void {
    if (this.#open) this.#output.write("\r\x1b[K");
    this.#open = false;
  }
}
