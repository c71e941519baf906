/**
 * Error numbers. Every function of `assembly/wasi/` that can fail returns an integer: a result of 0
 * or more, or a negated errno of preview1, on every platform.
 */
import { errno, errnoToString } from "./preview1/abi";

/** All errnos by name. The constants below are the frequent ones. */
export { errno } from "./preview1/abi";

export const ACCES: i32 = errno.ACCES;
export const ADDRINUSE: i32 = errno.ADDRINUSE;
export const ADDRNOTAVAIL: i32 = errno.ADDRNOTAVAIL;
/** The call would block. Try again when the selector reports the descriptor. */
export const AGAIN: i32 = errno.AGAIN;
/** The descriptor is not open, or has the wrong type for the call. */
export const BADF: i32 = errno.BADF;
export const CONNABORTED: i32 = errno.CONNABORTED;
export const CONNRESET: i32 = errno.CONNRESET;
/** The file to be created exists already. */
export const EXIST: i32 = errno.EXIST;
export const INTR: i32 = errno.INTR;
export const INVAL: i32 = errno.INVAL;
export const IO: i32 = errno.IO;
/** The process has no free descriptor. */
export const MFILE: i32 = errno.MFILE;
/** The machine has no free descriptor. */
export const NFILE: i32 = errno.NFILE;
export const NOBUFS: i32 = errno.NOBUFS;
/** There is no such file. */
export const NOENT: i32 = errno.NOENT;
export const NOMEM: i32 = errno.NOMEM;
export const NOSYS: i32 = errno.NOSYS;
export const NOTSUP: i32 = errno.NOTSUP;
export const PIPE: i32 = errno.PIPE;

/** Returns the name of an errno, positive or negated: `"AGAIN"`, `"CONNRESET"`. */
export function errnoName(code: i32): string {
  return errnoToString(<u16>(code < 0 ? -code : code));
}
