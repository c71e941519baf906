/**
 * What the launcher and its guest have to say to whoever runs them, on stderr: lines of text, or
 * objects, one a line, which have the same words in `message`. The guest writes its own lines in
 * the same form; what else comes out of it (a trap's report) is put into objects here.
 */
import type { ConsoleOutput } from "./console.js";
import { LineSplitter } from "./lines.js";
import type { Guest } from "./launch.js";

export const LOG_FORMATS = ["auto", "text", "json"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];
export type LogLevel = "info" | "warning" | "error";

/** Longer lines are cut. */
const LINE_BYTES_MOST = 64 * 1024;

/** What `auto` stands for: people read terminals, programs read the rest. */
export function usesJson(format: LogFormat, isTerminal: boolean): boolean {
  return format === "json" || (format === "auto" && !isTerminal);
}

export class Log {
  constructor(
    private readonly output: ConsoleOutput,
    readonly json: boolean,
  ) {}

  /** @param event its name for programs, `guest-died` */
  say(event: string, message: string, level: LogLevel = "info"): void {
    const line = this.json ? lineOf(event, message, level) : `pollcast: ${message}`;
    this.output.write(`${line}\n`);
  }

  /** Passes on what a guest says there, in whole lines. */
  carry({ stderr: source, waitsForReaders }: Pick<Guest, "stderr" | "waitsForReaders">): void {
    const lines = new LineSplitter(LINE_BYTES_MOST);
    this.output.carry(source, (chunk) => this.#formed(lines.take(chunk)), {
      neverPauses: waitsForReaders === true,
      told: (text) => (this.json ? lineOf("lost", text, "warning") : `(${text})`),
    });
    source.once("close", () => {
      const rest = lines.rest();
      if (rest !== "") this.output.write(this.#formed([rest]));
    });
  }

  #formed(lines: readonly string[]): string {
    const formed = this.json
      ? lines.map((line) => (line.startsWith("{") ? line : lineOf("output", line, "warning")))
      : lines;
    return formed.map((line) => `${line}\n`).join("");
  }
}

function lineOf(event: string, message: string, level: LogLevel): string {
  return JSON.stringify({ time: new Date().toISOString(), level, event, message });
}
