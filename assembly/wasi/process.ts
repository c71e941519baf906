/** How a program is told what to do and how it ends. */
import "./abort";
import { Exit } from "./exit";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/process";
import * as preview3 from "./preview3/process";

export { Exit } from "./exit";

/** What a program does first: everything else here trusts the layout of the structs. */
export function assertLayout(): void {
  if (!IS_COMPONENT) preview1.assertLayout();
}

/** Ends the program at once. A component has two codes only: 0, and 1 for all the others. */
export function exit(code: Exit): void {
  if (IS_COMPONENT) preview3.exit(code);
  else preview1.exit(code);
}

/** The arguments after the program's name. */
export function programArguments(): Array<string> {
  if (IS_COMPONENT) return preview3.programArguments();
  return preview1.programArguments();
}
