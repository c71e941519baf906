/**
 * Reads the journal of a directory, from the first segment to the last. A server may be writing
 * meanwhile: the result is then the journal as it was a moment ago.
 */
import fs from "node:fs";
import path from "node:path";
import { errnoOf, messageOf, UserError } from "../base/errors.js";
import { type Line, linesOf } from "./lines.js";
import { readSegment, type SegmentContent } from "./segment_file.js";

const NAME = /^chat-(\d{8,})\.journal$/;

export interface SegmentFile extends SegmentContent {
  name: string;
}

/** Reads all segments, oldest first. @throws UserError if a file cannot be read */
export function readJournal(directory: string): SegmentFile[] {
  const names = attempt(directory, () => fs.readdirSync(directory));
  const numbered = names.flatMap((name) => {
    const number = NAME.exec(name)?.[1];
    return number === undefined ? [] : [{ name, number: BigInt(number) }];
  });
  numbered.sort((one, two) => (one.number < two.number ? -1 : 1));
  const segments = numbered.flatMap(({ name, number }) => {
    const file = path.join(directory, name);
    const content = attempt(file, () => contentOf(file));
    // The server has removed the segment since the directory was read.
    return content === undefined ? [] : [{ name, ...readSegment(content, number) }];
  });
  // Only the newest segment may end within a record: the server is writing it, or was killed.
  for (const { damages, bytes, end } of segments.slice(0, -1)) {
    if (bytes > end) damages.push({ offset: end, bytes: bytes - end, what: "a damaged end" });
  }
  return segments;
}

/** Returns the lines of all segments, each once, in the order of their ids. */
export function allLines(segments: readonly SegmentFile[]): Line[] {
  const found = new Map<bigint, Line>();
  for (const { records } of segments) {
    // Compaction copies lines to a newer segment before it removes the old one, so they can occur
    // twice.
    for (const line of records.flatMap(linesOf)) found.set(line.id, line);
  }
  return [...found.values()].sort((one, two) => (one.id < two.id ? -1 : 1));
}

/** Returns the content of a file, or undefined if it does not exist. */
function contentOf(file: string): Buffer | undefined {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function attempt<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UserError("E_DATA", `cannot read ${what}: ${messageOf(error)}`);
  }
}
