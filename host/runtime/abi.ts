/**
 * The constants and struct layouts of WASI preview1. Source: the preview1 witx.
 *
 * All structs are little-endian. Offsets and sizes are in bytes; a pointer to a struct is a
 * multiple of `align`.
 */

/** The names of the errnos. A name's index is its number, as in the witx. */
const ERRNO_NAMES = [
  ...["SUCCESS", "2BIG", "ACCES", "ADDRINUSE", "ADDRNOTAVAIL", "AFNOSUPPORT", "AGAIN", "ALREADY"],
  ...["BADF", "BADMSG", "BUSY", "CANCELED", "CHILD", "CONNABORTED", "CONNREFUSED", "CONNRESET"],
  ...["DEADLK", "DESTADDRREQ", "DOM", "DQUOT", "EXIST", "FAULT", "FBIG", "HOSTUNREACH", "IDRM"],
  ...["ILSEQ", "INPROGRESS", "INTR", "INVAL", "IO", "ISCONN", "ISDIR", "LOOP", "MFILE", "MLINK"],
  ...["MSGSIZE", "MULTIHOP", "NAMETOOLONG", "NETDOWN", "NETRESET", "NETUNREACH", "NFILE"],
  ...["NOBUFS", "NODEV", "NOENT", "NOEXEC", "NOLCK", "NOLINK", "NOMEM", "NOMSG", "NOPROTOOPT"],
  ...["NOSPC", "NOSYS", "NOTCONN", "NOTDIR", "NOTEMPTY", "NOTRECOVERABLE", "NOTSOCK", "NOTSUP"],
  ...["NOTTY", "NXIO", "OVERFLOW", "OWNERDEAD", "PERM", "PIPE", "PROTO", "PROTONOSUPPORT"],
  ...["PROTOTYPE", "RANGE", "ROFS", "SPIPE", "SRCH", "STALE", "TIMEDOUT", "TXTBSY", "XDEV"],
  "NOTCAPABLE",
] as const;

/** The errnos that this host returns. An import returns one of them as its result. */
export const Errno = {
  SUCCESS: 0,
  ACCES: 2,
  AGAIN: 6,
  BADF: 8,
  CONNABORTED: 13,
  CONNRESET: 15,
  DQUOT: 19,
  EXIST: 20,
  FAULT: 21,
  FBIG: 22,
  INVAL: 28,
  IO: 29,
  ISDIR: 31,
  LOOP: 32,
  MFILE: 33,
  NAMETOOLONG: 37,
  NFILE: 41,
  NOBUFS: 42,
  NOENT: 44,
  NOMEM: 48,
  NOSPC: 51,
  NOSYS: 52,
  NOTCONN: 53,
  NOTDIR: 54,
  NOTSUP: 58,
  OVERFLOW: 61,
  PERM: 63,
  PIPE: 64,
  ROFS: 69,
  SPIPE: 70,
} as const;

/** Returns the name of an errno, negated or not: `"AGAIN"` for 6 and for -6. */
export function errnoName(code: number): string {
  return ERRNO_NAMES[Math.abs(code)] ?? `errno ${Math.abs(code)}`;
}

export const ClockId = {
  REALTIME: 0,
  MONOTONIC: 1,
  PROCESS_CPUTIME: 2,
  THREAD_CPUTIME: 3,
} as const;

export const Filetype = {
  UNKNOWN: 0,
  CHARACTER_DEVICE: 2,
  DIRECTORY: 3,
  REGULAR_FILE: 4,
  SOCKET_STREAM: 6,
} as const;

export const Fdflags = { APPEND: 1, DSYNC: 2, NONBLOCK: 4, RSYNC: 8, SYNC: 16, ALL: 31 } as const;

/** Flags of `path_open`. */
export const Oflags = { CREAT: 1, DIRECTORY: 2, EXCL: 4, TRUNC: 8, ALL: 15 } as const;

export const Rights = { FD_READ: 1n << 1n, FD_WRITE: 1n << 6n } as const;

/** Flags of `sock_recv`. */
export const Riflags = { PEEK: 1, WAITALL: 2, ALL: 3 } as const;

/** The directions that `sock_shutdown` ends. */
export const Sdflags = { RD: 1, WR: 2, ALL: 3 } as const;

export const Whence = { SET: 0, CUR: 1, END: 2 } as const;

export const Eventtype = { CLOCK: 0, FD_READ: 1, FD_WRITE: 2 } as const;

export const Eventrwflags = { HANGUP: 1 } as const;

export const Subclockflags = { ABSTIME: 1 } as const;

export const Iovec = { size: 8, align: 4, buf: 0, bufLen: 4 } as const;

export const Fdstat = {
  size: 24,
  align: 8,
  filetype: 0,
  flags: 2,
  rightsBase: 8,
  rightsInheriting: 16,
} as const;

export const Filestat = { size: 64, align: 8, filetype: 16, nlink: 24, fileSize: 32 } as const;

export const Prestat = { size: 8, align: 4 } as const;

/** The header of a directory entry. The name follows it. */
export const Dirent = { size: 24, next: 0, inode: 8, nameLength: 16, filetype: 20 } as const;

export const Subscription = {
  size: 48,
  align: 8,
  userdata: 0,
  type: 8,
  /** The fields of a clock subscription. */
  clockId: 16,
  timeout: 24,
  precision: 32,
  clockFlags: 40,
  /** The field of a descriptor subscription. */
  fd: 16,
} as const;

export const Event = {
  size: 32,
  align: 8,
  userdata: 0,
  error: 8,
  type: 10,
  nbytes: 16,
  flags: 24,
} as const;
