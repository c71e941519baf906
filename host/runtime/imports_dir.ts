/** The imports of preview1 for directories: list, open, unlink, and the names of preopens. */
import { Dirent, Errno, Fdflags, Oflags, Prestat } from "./abi.js";
import type { DirectoryEntry } from "./kernel.js";
import { checkFlags } from "./memory.js";
import type { Host, Imports } from "./preview1.js";

/** Returns the imports for directories, by name. */
export function directoryImports(host: Host): Imports {
  const { kernel, memory, trace } = host;
  return {
    fd_prestat_get: (fd: number, at: number) => {
      trace.number(fd);
      const name = kernel.preopen(fd >>> 0);
      if (typeof name === "number") return -name;
      // The tag 0 means a directory. preview1 defines no other.
      const view = memory.view(at, Prestat.size, Prestat.align);
      view.setUint32(0, 0, true);
      view.setUint32(4, name.length, true);
      return Errno.SUCCESS;
    },
    fd_prestat_dir_name: (fd: number, path: number, most: number) => {
      trace.number(fd);
      const name = kernel.preopen(fd >>> 0);
      if (typeof name === "number") return name === -Errno.BADF ? Errno.NOTDIR : -name;
      if (name.length > most >>> 0) return Errno.NAMETOOLONG;
      memory.bytes(path, name.length).set(name);
      return Errno.SUCCESS;
    },
    path_open: (
      fd: number,
      dirflags: number,
      path: number,
      length: number,
      oflags: number,
      rightsBase: bigint,
      rightsInheriting: bigint,
      fdflags: number,
      openedAt: number,
    ) => {
      trace.number(fd);
      memory.check(openedAt, 4, 4);
      const name = memory.bytes(path, length);
      trace.bytes(name);
      checkFlags(fdflags, Fdflags.ALL);
      checkFlags(oflags, Oflags.ALL);
      const flags = { dirflags, oflags, rightsBase, rightsInheriting, fdflags };
      const opened = kernel.open(fd >>> 0, name, flags);
      if (opened < 0) return -opened;
      trace.number(opened);
      memory.setU32(openedAt, opened);
      return Errno.SUCCESS;
    },
    path_unlink_file: (fd: number, path: number, length: number) => {
      trace.number(fd);
      const name = memory.bytes(path, length);
      trace.bytes(name);
      return -kernel.unlink(fd >>> 0, name);
    },
    fd_readdir: (fd: number, at: number, most: number, cookie: bigint, usedAt: number) =>
      readdir(host, fd, at, most, cookie, usedAt),
  };
}

/**
 * Writes entries from index `cookie` on, as many as fit. The last is cut at the buffer's end, as
 * preview1 says.
 */
function readdir(
  { kernel, memory, trace }: Host,
  fd: number,
  at: number,
  most: number,
  cookie: bigint,
  usedAt: number,
): number {
  trace.number(fd);
  trace.bigint(cookie);
  memory.check(usedAt, 4, 4);
  const target = memory.bytes(at, most);
  const entries = kernel.entries(fd >>> 0);
  if (typeof entries === "number") return -entries;
  let used = 0;
  for (let index = Number(cookie); index < entries.length && used < target.length; index++) {
    const entry = entries[index];
    if (entry === undefined) break;
    const bytes = direntOf(index, entry).subarray(0, target.length - used);
    target.set(bytes, used);
    used += bytes.length;
  }
  trace.bytes(target.subarray(0, used));
  memory.setU32(usedAt, used);
  return Errno.SUCCESS;
}

function direntOf(index: number, { name, filetype }: DirectoryEntry): Uint8Array {
  const bytes = new Uint8Array(Dirent.size + name.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(Dirent.next, BigInt(index + 1), true);
  view.setBigUint64(Dirent.inode, BigInt(index + 1), true);
  view.setUint32(Dirent.nameLength, name.length, true);
  view.setUint8(Dirent.filetype, filetype);
  bytes.set(name, Dirent.size);
  return bytes;
}
