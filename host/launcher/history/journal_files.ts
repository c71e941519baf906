/**
 * A directory with a journal, read from its first segment to its last; also while a server writes
 * to it: what is read is then the journal as it was a moment ago.
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
    // A server has just given it up.
    return content === undefined ? [] : [{ name, ...readSegment(content, number) }];
  });
  // Only the newest may end in the middle of a record: a server is writing it, or was killed.
  for (const { damages, bytes, end } of segments.slice(0, -1)) {
    if (bytes > end) damages.push({ offset: end, bytes: bytes - end, what: "a damaged end" });
  }
  return segments;
}

/** Every line that is still there, once, in the order in which they were said. */
export function allLines(segments: readonly SegmentFile[]): Line[] {
  const found = new Map<bigint, Line>();
  for (const { records } of segments) {
    // What was carried over is there twice until the older segment has gone.
    for (const line of records.flatMap(linesOf)) found.set(line.id, line);
  }
  return [...found.values()].sort((one, two) => (one.id < two.id ? -1 : 1));
}

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
