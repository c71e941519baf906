/** Writes to stdout on a scripted host, to show what becomes of its errors. */
export { cabi_realloc } from "../../../../assembly/wasi/preview3/platform";

import "../../../../assembly/wasi/abort";
import { STDOUT, write, writeWhatFits } from "../../../../assembly/wasi/stdio";

const buffer = memory.data(16);

export function writeAll(): i32 {
  return write(STDOUT, buffer, 16);
}

export function writeSome(): i32 {
  return writeWhatFits(STDOUT, buffer, 16);
}
