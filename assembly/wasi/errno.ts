/**
 * Errors of the host as this project passes them on: every verb of `assembly/wasi/` answers with
 * an `i32` that is a result when it is zero or more, and a negated errno when it is less.
 */
import { errno, errnoToString } from "./preview1/abi";

/** All of them by name; those below are asked for all the time. */
export { errno } from "./preview1/abi";

export const ACCES: i32 = errno.ACCES;
export const ADDRINUSE: i32 = errno.ADDRINUSE;
export const ADDRNOTAVAIL: i32 = errno.ADDRNOTAVAIL;
/** Not ready: try again when the selector says so. */
export const AGAIN: i32 = errno.AGAIN;
/** No such descriptor, or not of the kind that the call wants. */
export const BADF: i32 = errno.BADF;
export const CONNABORTED: i32 = errno.CONNABORTED;
export const CONNRESET: i32 = errno.CONNRESET;
/** What is to be made is there already. */
export const EXIST: i32 = errno.EXIST;
export const INTR: i32 = errno.INTR;
export const INVAL: i32 = errno.INVAL;
export const IO: i32 = errno.IO;
/** This process has no descriptor left. */
export const MFILE: i32 = errno.MFILE;
/** The machine has no descriptor left. */
export const NFILE: i32 = errno.NFILE;
export const NOBUFS: i32 = errno.NOBUFS;
export const NOMEM: i32 = errno.NOMEM;
export const NOSYS: i32 = errno.NOSYS;
export const NOTSUP: i32 = errno.NOTSUP;
export const PIPE: i32 = errno.PIPE;

/** The name of an errno, given either as it is or negated: `"AGAIN"`, `"CONNRESET"`. */
export function errnoName(code: i32): string {
  return errnoToString(<u16>(code < 0 ? -code : code));
}
