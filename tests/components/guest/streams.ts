/** One stream over a host that is made up, to see what becomes of its errors. */
export { cabi_realloc } from "../../../assembly/wasi/preview3/platform";

import "../../../assembly/wasi/abort";
import { peekNow, readNow, roomNow, writeNow } from "../../../assembly/wasi/preview3/stream";
import { Descriptor, Kind } from "../../../assembly/wasi/preview3/table";

const buffer = memory.data(16);

function connection(): Descriptor {
  return new Descriptor(Kind.CONNECTION, 1, 2, 3);
}

export function read(): i32 {
  return readNow(connection(), buffer, 16);
}

/** What is read after a look. */
export function readAfterLook(): i32 {
  const from = connection();
  peekNow(from);
  return readNow(from, buffer, 16);
}

export function room(): i32 {
  return roomNow(connection());
}

export function write(): i32 {
  return writeNow(connection(), buffer, 16);
}
