/**
 * The end of a component whose assertion failed: one line with the place, then a trap, which tells
 * it from a program that gave up.
 */
import { getStderr, RESULT, writeAndFlush } from "./abi";
import { abortLine, LINE } from "../abort_line";

/** Says it; what the compiler puts behind a call of `abort` is the trap. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const bytes = abortLine(message, file, line, column);
  writeAndFlush(getStderr(), LINE, bytes, RESULT);
}
