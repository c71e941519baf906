/** Queries about descriptors, in a component. See ../descriptors.ts. */
import { BADF } from "../errno";
import { Fd } from "../fd";
import { openStandard } from "./stdio";
import { find, Kind, listeners } from "./table";

/** The filetype of a stream socket, as preview1 numbers it. */
const SOCKET_STREAM: i32 = 6;
/** The filetype of all others. */
const UNKNOWN: i32 = 0;

export function filetypeOf(fd: Fd): i32 {
  const found = openStandard(fd);
  if (found === null) return -BADF;
  return found.kind == Kind.LISTENER || found.kind == Kind.CONNECTION ? SOCKET_STREAM : UNKNOWN;
}

export function isNonBlocking(fd: Fd): bool {
  const found = find(fd);
  return found !== null && filetypeOf(fd) == SOCKET_STREAM && !found.blocking;
}

/** Returns the listeners that this program has opened. */
export function handedInListeners(): Array<Fd> {
  return listeners();
}

/** Polls a descriptor for reading. @returns 1 if a read would not block, 0 if it would, or -BADF */
export function pollReadable(fd: Fd): i32 {
  const found = openStandard(fd);
  if (found === null || !found.canBeRead) return -BADF;
  return found.waitReadable() ? 1 : 0;
}
