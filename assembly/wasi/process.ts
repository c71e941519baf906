/** The arguments and the exit of a program. */
import "./abort";
import { Exit } from "./exit";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/process";
import * as preview3 from "./preview3/process";

export { Exit } from "./exit";

/** Asserts the memory layout of the ABI structs. Each program calls it first. */
export function assertLayout(): void {
  if (!IS_COMPONENT) preview1.assertLayout();
}

/**
 * Ends the program at once. A component can only exit with 0 or 1: it exits with 1 for every error.
 */
export function exit(code: Exit): void {
  if (IS_COMPONENT) preview3.exit(code);
  else preview1.exit(code);
}

/** Returns the arguments after the program's name. */
export function programArguments(): Array<string> {
  if (IS_COMPONENT) return preview3.programArguments();
  return preview1.programArguments();
}
