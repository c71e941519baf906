/**
 * What happens when an assertion fails. Compiled in with `--use abort=...`, so it may allocate
 * nothing: the heap is what may have failed.
 */
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/abort";
import * as preview3 from "./preview3/abort";

/** Replaces AssemblyScript's `abort`. */
export function abort(
  message: string | null = null,
  file: string | null = null,
  line: u32 = 0,
  column: u32 = 0,
): void {
  if (IS_COMPONENT) preview3.abort(message, file, line, column);
  else preview1.abort(message, file, line, column);
}
