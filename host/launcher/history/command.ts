/** The commands `pollcast history verify DIR` and `pollcast history export DIR`. */
import { Command } from "commander";
import { EXIT, usage, UserError } from "../base/errors.js";
import { allLines, readJournal, type SegmentFile } from "./journal_files.js";
import { type Line, linesOf } from "./lines.js";

interface ExportOptions {
  room?: string;
  since?: string;
  json?: boolean;
}

/** The output of a command, and the callback that gets its exit code. */
export interface Reporting {
  write: (text: string) => void;
  ended: (exitCode: number) => void;
}

/** Returns the command `history`, with its subcommands. */
export function historyCommand({ write, ended }: Reporting): Command {
  const verify = new Command("verify")
    .description("checks all files of the journal; ends with 1 if one is damaged")
    .argument("<dir>", "the directory of serve --data")
    .action((directory: string) => {
      const segments = journalIn(directory);
      for (const line of report(segments)) write(`${line}\n`);
      ended(segments.some(({ damages }) => damages.length > 0) ? EXIT.notReady : EXIT.ok);
    });
  const exporting = new Command("export")
    .description("prints all lines that are kept, oldest first")
    .argument("<dir>", "the directory of serve --data")
    .option("--room <ROOM>", "prints the lines of this room only")
    .option("--since <ID>", "prints the lines after this id only")
    .option("--json", "prints objects, as the JSON style does")
    .action((directory: string, { room, since = "0", json = false }: ExportOptions) => {
      if (!/^\d{1,19}$/.test(since)) throw usage(`--since ${JSON.stringify(since)} is not an id`);
      const wanted = allLines(journalIn(directory)).filter(
        (line) => line.id > BigInt(since) && (room === undefined || isCalled(line, room)),
      );
      for (const line of wanted) write(`${json ? asObject(line) : asText(line)}\n`);
      ended(EXIT.ok);
    });
  return new Command("history")
    .description("reads the journal of serve --data, also while it serves")
    .addCommand(verify)
    .addCommand(exporting);
}

/** Reads a journal. @throws UserError if the directory has none, as it is probably the wrong one */
function journalIn(directory: string): SegmentFile[] {
  const segments = readJournal(directory);
  if (segments.length > 0) return segments;
  const message = `there is no journal in ${directory}: name what --data was given`;
  throw new UserError("E_DATA", message);
}

function report(segments: readonly SegmentFile[]): string[] {
  const lines = segments.flatMap(({ name, records, damages, bytes, end }, index) => {
    const ids = records.flatMap(linesOf).map(({ id }) => id);
    const said =
      ids.length === 0 ? "no lines" : `${count(ids.length, "line")} up to ${ids.at(-1) ?? 0n}`;
    const tail = index === segments.length - 1 ? bytes - end : 0;
    return [
      `${name}: ${bytes} bytes, ${count(records.length, "record")}, ${said}`,
      ...damages.map(({ offset, bytes, what }) => `${name}:${offset}: ${what}, ${bytes} bytes`),
      ...(tail > 0 ? [`${name}:${end}: a tail of ${tail} bytes, torn or being written`] : []),
    ];
  });
  const damaged = segments.flatMap(({ damages }) => damages).length;
  const whole = damaged === 0 ? "whole" : count(damaged, "damaged place");
  const all = [count(segments.length, "segment"), count(allLines(segments).length, "line")];
  return [...lines, `${all.join(", ")}: ${whole}`];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/**
 * Compares the names of rooms without case. The server folds more (look-alikes, width), but users
 * can copy the name from the output of `export`.
 */
function isCalled(line: Line, room: string): boolean {
  return line.room.toLowerCase() === room.toLowerCase();
}

function asText({ milliseconds, room, kind, from, text }: Line): string {
  const said = kind === "action" ? `* ${from} ${text}` : `${from}: ${text}`;
  return `${new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z")} ${room} ${said}`;
}

function asObject({ id, milliseconds, room, kind, from, text }: Line): string {
  const time = Math.floor(milliseconds / 1000);
  const ms = milliseconds % 1000;
  return JSON.stringify({ type: kind, id: Number(id), time, ms, room, from, text });
}
