/**
 * What the launcher and its guest have to say to whoever runs them, on stderr: lines of text with
 * the time, or objects, one a line, which have the same words in `message`. The guest writes its
 * own objects; its lines of text get the time here, and what else comes out of it (a trap's report)
 * is put into objects.
 */
import type { LogFormat } from "../base/config.js";
import type { ConsoleOutput } from "./console.js";
import { LineSplitter } from "./lines.js";
import type { Guest } from "./launch.js";
import { printable } from "../base/printable.js";

export type LogLevel = "info" | "warning" | "error";

/** Longer lines are cut. */
const LINE_BYTES_MOST = 64 * 1024;

/** What `auto` stands for: people read terminals, programs read the rest. */
export function usesJson(format: LogFormat, isTerminal: boolean): boolean {
  return format === "json" || (format === "auto" && !isTerminal);
}

export class Log {
  /** @param isDated whether lines of text begin with the time */
  constructor(
    private readonly output: ConsoleOutput,
    readonly json: boolean,
    private readonly isDated = false,
  ) {}

  /**
   * @param event its name for programs, `guest-died`
   * @param more what programs are told besides
   */
  say(event: string, message: string, level: LogLevel = "info", more: More = {}): void {
    if (this.json) this.output.write(`${lineOf(event, message, level, more)}\n`);
    else this.output.write(this.#text([`pollcast: ${printable(message)}`]));
  }

  /** Passes on what a guest says there, in whole lines. */
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
