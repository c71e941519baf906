/** Error codes of `wasi:sockets/types`: those that this host gives. */
import { Errno } from "../../../host/runtime/abi.js";

export const Code = {
  ACCESS_DENIED: 0,
  OUT_OF_MEMORY: 3,
  INVALID_STATE: 5,
  ADDRESS_IN_USE: 7,
  CONNECTION_BROKEN: 10,
  CONNECTION_RESET: 11,
  CONNECTION_ABORTED: 12,
  OTHER: 14,
} as const;

const CODES = new Map<number, number>([
  [Errno.NOBUFS, Code.OUT_OF_MEMORY],
  [Errno.NOTCONN, Code.INVALID_STATE],
  [Errno.PIPE, Code.CONNECTION_BROKEN],
  [Errno.CONNRESET, Code.CONNECTION_RESET],
  [Errno.CONNABORTED, Code.CONNECTION_ABORTED],
]);

/** Returns the code of an errno. @param errno may be negated */
export function codeOf(errno: number): number {
  return CODES.get(Math.abs(errno)) ?? Code.OTHER;
}
