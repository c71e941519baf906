/**
 * The log of the launcher and of its guest, on stderr. In text form, each line begins with the
 * time. In JSON form, each line is an object with the same text in `message`. The guest formats its
 * own lines. The log adds the time to its text lines, and wraps other output, such as the report of
 * a trap, in objects.
 */
import type { LogFormat } from "../base/config.js";
import type { ConsoleOutput } from "./console.js";
import { LineSplitter } from "./lines.js";
import type { Guest } from "./launch.js";
import { printable } from "../base/printable.js";

export type LogLevel = "info" | "warning" | "error";

/** The longest line of a guest, in bytes. Longer lines are split. */
const LINE_BYTES_MOST = 64 * 1024;

/** Returns true if the log is written as JSON. `auto` is text on a terminal, else JSON. */
export function usesJson(format: LogFormat, isTerminal: boolean): boolean {
  return format === "json" || (format === "auto" && !isTerminal);
}

/** Writes the log, in one of its two forms. */
export class Log {
  /** @param isDated true if lines of text begin with the time */
  constructor(
    private readonly output: ConsoleOutput,
    readonly json: boolean,
    private readonly isDated = false,
  ) {}

  /**
   * Logs a message.
   *
   * @param event the name of the event for programs, such as `guest-died`
   * @param more additional fields in JSON form
   */
  say(event: string, message: string, level: LogLevel = "info", more: More = {}): void {
    if (this.json) this.output.write(`${lineOf(event, message, level, more)}\n`);
    else this.output.write(this.#text([`pollcast: ${printable(message)}`]));
  }

  /** Forwards the guest's stderr to the log, in whole lines. */
  carry({ stderr: source, waitsForReaders }: Pick<Guest, "stderr" | "waitsForReaders">): void {
    const lines = new LineSplitter(LINE_BYTES_MOST);
    this.output.carry(source, (chunk) => this.#formed(lines.take(chunk)), {
      neverPauses: waitsForReaders === true,
      told: (text) =>
        this.json ? lineOf("lost", text, "warning") : this.#text([`(${text})`]).trimEnd(),
    });
    source.once("close", () => {
      const rest = lines.rest();
      if (rest !== "") this.output.write(this.#formed([rest]));
    });
  }

  #formed(lines: readonly string[]): string {
    if (!this.json) return this.#text(lines);
    return lines
      .map((line) => (line.startsWith("{") ? line : lineOf("output", line, "warning")))
      .map((line) => `${line}\n`)
      .join("");
  }

  #text(lines: readonly string[]): string {
    const time = this.isDated ? `${new Date().toISOString().replace(/\.\d+/, "")} ` : "";
    return lines.map((line) => `${time}${line}\n`).join("");
  }
}

type More = Readonly<Record<string, string>>;

function lineOf(event: string, message: string, level: LogLevel, more: More = {}): string {
  return JSON.stringify({ time: new Date().toISOString(), level, event, message, ...more });
}
