/**
 * The imports of preview1 that work on a descriptor of any kind: read, write, seek, close, status.
 */
import { Errno, Fdflags, Fdstat, Filestat, Whence } from "./abi.js";
import { checkEnum, checkFlags } from "./memory.js";
import type { Host, Import, Imports } from "./preview1.js";

/** Returns the imports for descriptors, by name. */
export function fdImports(host: Host): Imports {
  const { kernel, trace } = host;
  return {
    fd_close: (fd: number) => {
      trace.number(fd);
      return -kernel.close(fd >>> 0);
    },
    fd_read: transfer(host, (fd, pieces) => kernel.read(fd, pieces), "in"),
    fd_write: transfer(host, (fd, pieces) => kernel.write(fd, pieces), "out"),
    fd_fdstat_get: (fd: number, at: number) => fdstatGet(host, fd, at),
    fd_fdstat_set_flags: (fd: number, flags: number) => {
      trace.number(fd);
      trace.number(flags);
      checkFlags(flags, Fdflags.ALL);
      return -kernel.setFlags(fd >>> 0, flags);
    },
    fd_filestat_get: (fd: number, at: number) => filestatGet(host, fd, at),
    fd_seek: (fd: number, offset: bigint, whence: number, at: number) =>
      seek(host, fd, offset, whence, at),
    fd_tell: (fd: number, at: number) => seek(host, fd, 0n, Whence.CUR, at),
    fd_sync: (fd: number) => {
      trace.number(fd);
      return -kernel.sync(fd >>> 0);
    },
    fd_datasync: (fd: number) => {
      trace.number(fd);
      return -kernel.sync(fd >>> 0);
    },
    fd_filestat_set_size: (fd: number, size: bigint) => {
      trace.number(fd);
      trace.bigint(size);
      return -kernel.setSize(fd >>> 0, size);
    },
  };
}

/** Adds the first `moved` bytes of the pieces to the trace: the bytes that the call transferred. */
export function traceBytes(host: Host, pieces: readonly Uint8Array[], moved: number): void {
  let rest = moved;
  for (const piece of pieces) {
    if (rest <= 0) return;
    host.trace.bytes(piece.length > rest ? piece.subarray(0, rest) : piece);
    rest -= piece.length;
  }
}

/**
 * Makes `fd_read` or `fd_write`. The lengths of a read's buffers are traced, since they are its
 * arguments.
 */
function transfer(
  host: Host,
  move: (fd: number, pieces: Uint8Array[]) => number,
  direction: "in" | "out",
): Import {
  const { kernel, memory, trace } = host;
  return (fd: number, vectors: number, count: number, movedAt: number) => {
    trace.number(fd);
    if (!kernel.isOpen(fd >>> 0)) return Errno.BADF;
    memory.check(movedAt, 4, 4);
    const pieces = memory.vectors(vectors, count);
    for (const piece of direction === "in" ? pieces : []) trace.number(piece.length);
    const moved = move(fd >>> 0, pieces);
    if (moved < 0) return -moved;
    traceBytes(host, pieces, moved);
    memory.setU32(movedAt, moved);
    return Errno.SUCCESS;
  };
}

function fdstatGet({ kernel, memory, trace }: Host, fd: number, at: number): number {
  trace.number(fd);
  const found = kernel.fdstat(fd >>> 0);
  if (typeof found === "number") return -found;
  const view = memory.view(at, Fdstat.size, Fdstat.align);
  view.setBigUint64(0, 0n);
  view.setUint8(Fdstat.filetype, found.filetype);
  view.setUint16(Fdstat.flags, found.flags, true);
  view.setBigUint64(Fdstat.rightsBase, found.rightsBase, true);
  view.setBigUint64(Fdstat.rightsInheriting, found.rightsInheriting, true);
  trace.number(found.filetype);
  trace.number(found.flags);
  return Errno.SUCCESS;
}

function filestatGet({ kernel, memory, trace }: Host, fd: number, at: number): number {
  trace.number(fd);
  const found = kernel.filestat(fd >>> 0);
  if (typeof found === "number") return -found;
  const view = memory.view(at, Filestat.size, Filestat.align);
  memory.bytes(at, Filestat.size).fill(0);
  view.setUint8(Filestat.filetype, found.filetype);
  view.setBigUint64(Filestat.fileSize, found.size, true);
  trace.number(found.filetype);
  trace.bigint(found.size);
  return Errno.SUCCESS;
}

function seek(host: Host, fd: number, offset: bigint, whence: number, at: number): number {
  const { kernel, memory, trace } = host;
  trace.number(fd);
  trace.bigint(offset);
  trace.number(whence);
  checkEnum(whence, Whence.END);
  memory.check(at, 8, 8);
  const position = kernel.seek(fd >>> 0, offset, whence);
  if (typeof position === "number") return -position;
  trace.bigint(position);
  memory.setU64(at, position);
  return Errno.SUCCESS;
}
