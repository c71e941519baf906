/** Maps the error codes of `wasi:filesystem/types` to POSIX errnos. */
import { errno } from "../errno";

/** The errnos, in the order of `error-code` in world.wit. */
const ERRNOS: StaticArray<u16> = [
  errno.ACCES,
  errno.AGAIN,
  errno.ALREADY,
  errno.BADF,
  errno.BUSY,
  errno.DEADLK,
  errno.DQUOT,
  errno.EXIST,
  errno.FBIG,
  errno.ILSEQ,
  errno.INPROGRESS,
  errno.INTR,
  errno.INVAL,
  errno.IO,
  errno.ISDIR,
  errno.LOOP,
  errno.MLINK,
  errno.MSGSIZE,
  errno.NAMETOOLONG,
  errno.NODEV,
  errno.NOENT,
  errno.NOLCK,
  errno.NOMEM,
  errno.NOSPC,
  errno.NOTDIR,
  errno.NOTEMPTY,
  errno.NOTRECOVERABLE,
  errno.NOTSUP,
  errno.NOTTY,
  errno.NXIO,
  errno.OVERFLOW,
  errno.PERM,
  errno.PIPE,
  errno.ROFS,
  errno.SPIPE,
  errno.TXTBSY,
  errno.XDEV,
];

/** Returns the errno for an error code: IO for an unknown code. */
export function fileErrnoOf(code: i32): i32 {
  return code < ERRNOS.length ? ERRNOS[code] : errno.IO;
}
