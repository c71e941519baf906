/**
 * The lines of wasmtime that a component may meet, and how they differ: found by reading both, and
 * held against both by tests/components/differential_36.test.ts and differential_48.test.ts.
 */
import { Errno } from "../../abi.js";

/** The long-term lines that pollcast runs on. */
export type Line = 36 | 48;

/** Of `wasi:sockets/network`, as far as this host gives them. */
export const Code = {
  UNKNOWN: 0,
  ACCESS_DENIED: 1,
  INVALID_ARGUMENT: 3,
  OUT_OF_MEMORY: 4,
  NOT_IN_PROGRESS: 7,
  WOULD_BLOCK: 8,
  INVALID_STATE: 9,
  NEW_SOCKET_LIMIT: 10,
  ADDRESS_IN_USE: 12,
  CONNECTION_RESET: 15,
  CONNECTION_ABORTED: 16,
} as const;

const CODES = new Map<number, number>([
  [Errno.ACCES, Code.ACCESS_DENIED],
  [Errno.AGAIN, Code.WOULD_BLOCK],
  [Errno.CONNABORTED, Code.CONNECTION_ABORTED],
  [Errno.CONNRESET, Code.CONNECTION_RESET],
  [Errno.INVAL, Code.INVALID_ARGUMENT],
  [Errno.NOBUFS, Code.OUT_OF_MEMORY],
  [Errno.NOMEM, Code.OUT_OF_MEMORY],
]);

/** @param errno may be negated */
export function codeOf(line: Line, errno: number): number {
  const positive = Math.abs(errno);
  const isLimit = positive === Errno.MFILE || positive === Errno.NFILE;
  // The younger line has no name for it.
  if (isLimit) return line === 36 ? Code.NEW_SOCKET_LIMIT : Code.UNKNOWN;
  return CODES.get(positive) ?? Code.UNKNOWN;
}

/** What the component makes of it. @param accepted a descriptor, or a negated errno */
export function asTold(accepted: number): number {
  if (accepted === -Errno.NFILE) return -Errno.MFILE;
  return accepted === -Errno.NOBUFS ? -Errno.NOMEM : accepted;
}

/** What `check-write` permits a socket whose last write is through. */
export function socketPermit(line: Line): number {
  return line === 36 ? 1024 ** 3 : 65_536;
}

/** The same of stdout and stderr, which are always called writable, and may block. */
export function outputPermit(line: Line): number {
  return line === 36 ? 1024 ** 2 : 65_536;
}

/** What one read brings at most. */
export const READ_BYTES = 65_536;
/** What one `blocking-write-and-flush` takes; more ends the guest. */
export const BLOCKING_WRITE_BYTES = 4096;
