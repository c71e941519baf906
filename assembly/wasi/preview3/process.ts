/** How a component is told what to do and how it ends. */
import { Exit } from "../exit";
import { exitWith, getArguments, RESULT } from "./abi";

/** Bytes of a string in a list of them: where it is, and how long. */
const STRING_BYTES: usize = 8;

/** A component can only say whether it went well. */
export function exit(code: Exit): void {
  exitWith(code == Exit.OK ? 0 : 1);
}

export function programArguments(): Array<string> {
  const found = new Array<string>();
  getArguments(RESULT);
  const list = load<usize>(RESULT);
  const count = load<usize>(RESULT, 4);
  for (let i: usize = 0; i < count; i++) {
    const at = load<usize>(list + i * STRING_BYTES);
    const bytes = load<usize>(list + i * STRING_BYTES, 4);
    if (i > 0) found.push(String.UTF8.decodeUnsafe(at, bytes));
    // What is empty was never allocated.
    if (bytes > 0) heap.free(at);
  }
  if (count > 0) heap.free(list);
  return found;
}
