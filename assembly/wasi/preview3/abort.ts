/**
 * Ends a component whose assertion failed: one line with the source position, then a trap. The trap
 * distinguishes it from a program that has exited with an error.
 */
import { getStderr, RESULT, writeAndFlush } from "./abi";
import { abortLine, LINE } from "../abort_line";

/** Prints the line. The compiler emits the trap after each call of `abort`. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const bytes = abortLine(message, file, line, column);
  writeAndFlush(getStderr(), LINE, bytes, RESULT);
}
