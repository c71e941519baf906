/** The errors of `wasi:filesystem/types`, as this project passes errors on: POSIX's, by number. */
import { errno } from "../errno";

/** In the order of world.wit's `error-code`. */
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

/** The errno of an error of the file system. */
export function fileErrnoOf(code: i32): i32 {
  return code < ERRNOS.length ? ERRNOS[code] : errno.IO;
}
