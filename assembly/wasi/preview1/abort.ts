/**
 * Ends a preview1 module whose assertion failed: one line with the source position, exit code 70.
 */
import { abortLine, LINE } from "../abort_line";
import { setVector } from "../vector";
import { fd_write, proc_exit } from "./abi";

const vector = memory.data(8);
const written = memory.data(8);

/** Prints the line and exits with `Exit.SOFTWARE`. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const bytes = abortLine(message, file, line, column);
  setVector(vector, LINE, <u32>bytes);
  fd_write(2, vector, 1, written);
  proc_exit(70);
}
