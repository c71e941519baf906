/**
 * The handler of failed assertions, compiled in with `--use abort=...`. It must not allocate, since
 * the heap itself may be the cause.
 */
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/abort";
import * as preview3 from "./preview3/abort";

/**
 * Replaces AssemblyScript's `abort`: prints the message with its source position, and ends the
 * program.
 */
export function abort(
  message: string | null = null,
  file: string | null = null,
  line: u32 = 0,
  column: u32 = 0,
): void {
  if (IS_COMPONENT) preview3.abort(message, file, line, column);
  else preview1.abort(message, file, line, column);
}
