/** What is behind a descriptor of a component. */
import { BADF } from "../errno";
import { Fd } from "../fd";
import { openStandard } from "./stdio";
import { find, Kind, listeners } from "./table";

/** As preview1 numbers them: 6 is a stream socket, 0 is anything. */
const SOCKET_STREAM: i32 = 6;
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

/** The listeners that this program has opened. */
export function handedInListeners(): Array<Fd> {
  return listeners();
}

/** Whether something can be read from a descriptor. @returns 0 or 1, or -BADF */
export function pollReadable(fd: Fd): i32 {
  const found = openStandard(fd);
  if (found === null || !found.canBeRead) return -BADF;
  return found.waitReadable() ? 1 : 0;
}
