/** The arguments and the exit of a program, on preview1. */
import { Exit } from "../exit";
import { args_get, args_sizes_get, errno, proc_exit } from "./abi";

/** Asserts the memory layout of the ABI structs. Each program calls it first. */
export { assertLayout } from "./abi";

/** Ends the program at once with an exit code. */
export function exit(code: Exit): void {
  proc_exit(code);
}

/** Returns the arguments after the program's name, or an empty list if the host refuses. */
export function programArguments(): Array<string> {
  const sizes = memory.data(8);
  const found = new Array<string>();
  if (args_sizes_get(sizes, sizes + 4) != errno.SUCCESS) return found;
  const count = load<u32>(sizes);
  const pointers = heap.alloc(<usize>count * sizeof<usize>());
  const bytes = heap.alloc(load<u32>(sizes, 4));
  if (args_get(pointers, bytes) == errno.SUCCESS) {
    for (let i: u32 = 1; i < count; i++) {
      const text = load<usize>(pointers + <usize>i * sizeof<usize>());
      found.push(String.UTF8.decodeUnsafe(text, terminated(text)));
    }
  }
  heap.free(bytes);
  heap.free(pointers);
  return found;
}

/** Returns the number of bytes before the NUL. */
function terminated(text: usize): usize {
  let length: usize = 0;
  while (load<u8>(text + length) != 0) length++;
  return length;
}
