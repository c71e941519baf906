/** The arguments and the exit of a component. */
import { Exit } from "../exit";
import { exitWith, getArguments, RESULT } from "./abi";

/** The size of a string in a list of strings: its address and its length. */
const STRING_BYTES: usize = 8;

/** Exits with 0 or 1, since a component can only report success or failure. */
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
    // The host allocates nothing for an empty string.
    if (bytes > 0) heap.free(at);
  }
  if (count > 0) heap.free(list);
  return found;
}
