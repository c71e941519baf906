/** Small modules written by hand, for what none of the programs does. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryDirectory } from "../../../support/temporary.js";

/** With one page of memory, and a body for `_start` (without its `end`). */
export function moduleOf(...body: number[]): string {
  const code = [0, ...body, 0x0b];
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // A function without arguments and results; one memory of one page; both exported.
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...exported("memory", 2), ...exported("_start", 0)]),
    ...section(10, [1, code.length, ...code]),
  ];
  const file = path.join(temporaryDirectory(), "by_hand.wasm");
  writeFileSync(file, Uint8Array.from(bytes));
  return file;
}

/** `loop br 0 end` */
export const ENDLESS = [0x03, 0x40, 0x0c, 0, 0x0b];
/** `unreachable` */
export const TRAPPING = [0x00];

/** Ends well if the memory can grow by so many pages and no further, and otherwise traps. */
export function growing(pages: number): number[] {
  const grow = (by: number) => [0x41, by, 0x40, 0];
  // (memory.grow pages) == -1 traps; (memory.grow 1) != -1 traps.
  const trapIf = (comparison: number) => [0x41, 0x7f, comparison, 0x04, 0x40, 0x00, 0x0b];
  return [...grow(pages), ...trapIf(0x46), ...grow(1), ...trapIf(0x47)];
}

function section(id: number, content: number[]): number[] {
  return [id, content.length, ...content];
}

function exported(name: string, kind: number): number[] {
  return [name.length, ...Buffer.from(name), kind, 0];
}
