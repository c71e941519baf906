/**
 * The imports of `wasi:filesystem`: directories that the component was given, and their files. A
 * file has no position: each read and each write gives an offset.
 */
import { Errno, errnoName, Filetype, Rights, Whence } from "../../../host/runtime/abi.js";
import type { DirectoryEntry } from "../../../host/runtime/kernel.js";
import type { ComponentHost, ComponentImports } from "./host.js";
import { Held } from "./handles.js";

/** The names of the errors of `wasi:filesystem/types`, in the order of their codes. */
const ERRORS = [
  ...["ACCES", "AGAIN", "ALREADY", "BADF", "BUSY", "DEADLK", "DQUOT", "EXIST", "FBIG", "ILSEQ"],
  ...["INPROGRESS", "INTR", "INVAL", "IO", "ISDIR", "LOOP", "MLINK", "MSGSIZE", "NAMETOOLONG"],
  ...["NODEV", "NOENT", "NOLCK", "NOMEM", "NOSPC", "NOTDIR", "NOTEMPTY", "NOTRECOVERABLE"],
  ...["NOTSUP", "NOTTY", "NXIO", "OVERFLOW", "PERM", "PIPE", "ROFS", "SPIPE", "TXTBSY", "XDEV"],
];
/** The most bytes of one read. */
const READ_BYTES = 65_536;
const FLAG_READ = 1;
const FLAG_WRITE = 2;
const TYPE_DIRECTORY = 3;
const TYPE_FILE = 6;
/** The size of a descriptor-stat record in bytes. */
const STAT_BYTES = 96;
const LINKS_AT = 8;
const SIZE_AT = 16;

class FileDescriptor extends Held {
  static override readonly kind: string = "a descriptor";

  constructor(readonly fd: number) {
    super();
  }
}

/** The entries of a directory that were not read yet. */
class EntryStream extends Held {
  static override readonly kind: string = "a directory-entry-stream";

  constructor(readonly left: DirectoryEntry[]) {
    super();
  }
}

export function fileImports(host: ComponentHost): ComponentImports {
  return {
    "wasi:filesystem/preopens": {
      "get-directories": (at: number) => {
        getDirectories(host, at);
      },
    },
    "wasi:filesystem/types": {
      ...directoryImports(host),
      ...entryImports(host),
      ...openFileImports(host),
    },
  };
}

/** Stores the directories. Each call creates new handles. */
function getDirectories({ kernel, memory, handles, trace }: ComponentHost, at: number): void {
  const named = kernel.directories.map(({ fd, name }): [number, string] => {
    return [handles.push(new FileDescriptor(fd)), name];
  });
  for (const [handle, name] of named) {
    trace.number(handle);
    trace.bytes(Buffer.from(name));
  }
  memory.setNamed(at, named);
}

function directoryImports(host: ComponentHost): ComponentImports[string] {
  const { kernel, memory, handles } = host;
  return {
    "[method]descriptor.open-at": (
      handle: number,
      _pathFlags: number,
      path: number,
      length: number,
      oflags: number,
      flags: number,
      at: number,
    ) => {
      const { fd, name } = pathIn(host, handle, path, length);
      const rightsBase =
        ((flags & FLAG_READ) === 0 ? 0n : Rights.FD_READ) |
        ((flags & FLAG_WRITE) === 0 ? 0n : Rights.FD_WRITE);
      // Preview1 and WASI 0.3 have the same bits for these open flags.
      const how = { dirflags: 0, oflags, rightsBase, rightsInheriting: 0n, fdflags: 0 };
      const opened = fd < 0 ? fd : kernel.open(fd, name, how);
      if (setTag(host, at, 4, opened))
        memory.setU32(at + 4, handles.push(new FileDescriptor(opened)));
    },
    "[method]descriptor.unlink-file-at": (
      handle: number,
      path: number,
      length: number,
      at: number,
    ) => {
      const { fd, name } = pathIn(host, handle, path, length);
      setTag(host, at, 1, fd < 0 ? fd : kernel.unlink(fd, name));
    },
  };
}

/** The imports for the entries of a directory. */
function entryImports(host: ComponentHost): ComponentImports[string] {
  const { kernel, memory, handles, trace } = host;
  return {
    "[method]descriptor.read-directory": (handle: number, at: number) => {
      const fd = directoryOf(host, handle);
      const entries = fd < 0 ? fd : kernel.entries(fd);
      const isList = typeof entries !== "number";
      if (!setTag(host, at, 4, isList ? 0 : entries) || !isList) return;
      memory.setU32(at + 4, handles.push(new EntryStream(entries.filter(isThere))));
    },
    "[method]directory-entry-stream.read-directory-entry": (handle: number, at: number) => {
      const entry = handles.get(handle, EntryStream).left.shift();
      setTag(host, at, 4, 0);
      memory.setU8(at + 4, entry === undefined ? 0 : 1);
      if (entry === undefined) return;
      trace.bytes(entry.name);
      memory.setU8(at + 8, typeOf(entry.filetype));
      memory.setBytes(at + 12, entry.name);
    },
    "[resource-drop]directory-entry-stream": (handle: number) => {
      trace.number(handle);
      handles.drop(handle, EntryStream);
    },
  };
}

function openFileImports(host: ComponentHost): ComponentImports[string] {
  const { kernel, memory, handles, trace } = host;
  /** Seeks to an offset. @returns the file's descriptor, or a negated errno */
  const goTo = (handle: number, offset: bigint): number => {
    const { fd } = handles.get(handle, FileDescriptor);
    trace.number(fd);
    trace.bigint(offset);
    const place = kernel.seek(fd, offset, Whence.SET);
    return typeof place === "number" ? place : fd;
  };
  return {
    "[method]descriptor.read": (handle: number, most: bigint, offset: bigint, at: number) => {
      const fd = goTo(handle, offset);
      const target = new Uint8Array(Number(most < READ_BYTES ? most : READ_BYTES));
      const got = fd < 0 ? fd : kernel.read(fd, [target]);
      trace.number(got);
      if (!setTag(host, at, 4, got)) return;
      memory.setBytes(at + 4, target.subarray(0, got));
      memory.setU8(at + 12, got === 0 ? 1 : 0);
    },
    "[method]descriptor.write": (
      handle: number,
      pointer: number,
      length: number,
      offset: bigint,
      at: number,
    ) => {
      const fd = goTo(handle, offset);
      const content = memory.bytes(pointer, length);
      trace.bytes(content);
      const put = fd < 0 ? fd : kernel.write(fd, [content]);
      trace.number(put);
      if (setTag(host, at, 8, put)) memory.setU64(at + 8, BigInt(put));
    },
    "[method]descriptor.stat": (handle: number, at: number) => {
      const { fd } = handles.get(handle, FileDescriptor);
      trace.number(fd);
      const found = kernel.filestat(fd);
      const isFound = typeof found !== "number";
      if (!setTag(host, at, 8, isFound ? 0 : found) || !isFound) return;
      trace.bigint(found.size);
      memory.bytes(at + 8, STAT_BYTES).fill(0);
      memory.setU8(at + 8, typeOf(found.filetype));
      memory.setU64(at + 8 + LINKS_AT, 1n);
      memory.setU64(at + 8 + SIZE_AT, found.size);
    },
    "[method]descriptor.set-size": (handle: number, size: bigint, at: number) => {
      const { fd } = handles.get(handle, FileDescriptor);
      trace.number(fd);
      trace.bigint(size);
      setTag(host, at, 1, kernel.setSize(fd, size));
    },
    "[method]descriptor.sync-data": (handle: number, at: number) => {
      const { fd } = handles.get(handle, FileDescriptor);
      trace.number(fd);
      setTag(host, at, 1, kernel.sync(fd));
    },
    "[resource-drop]descriptor": (handle: number) => {
      trace.number(handle);
      const { fd } = handles.drop(handle, FileDescriptor);
      // Another handle may refer to the same directory.
      if (!kernel.directories.some((one) => one.fd === fd)) kernel.close(fd);
    },
  };
}

/** Returns a path, with the directory's descriptor or a negated errno. */
function pathIn(host: ComponentHost, handle: number, path: number, length: number) {
  const fd = directoryOf(host, handle);
  const name = host.memory.bytes(path, length);
  host.trace.bytes(name);
  return { fd, name };
}

/** @returns the directory's descriptor, or a negated errno */
function directoryOf({ kernel, handles, trace }: ComponentHost, handle: number): number {
  const { fd } = handles.get(handle, FileDescriptor);
  trace.number(fd);
  return kernel.directories.some((one) => one.fd === fd) ? fd : -Errno.NOTDIR;
}

/** Stores the tag of a result, and the code of an error. @returns true for a success */
function setTag({ memory, trace }: ComponentHost, at: number, codeAt: number, result: number) {
  memory.setU8(at, result < 0 ? 1 : 0);
  if (result >= 0) return true;
  const code = ERRORS.indexOf(errnoName(result));
  memory.setU8(at + codeAt, code < 0 ? ERRORS.indexOf(errnoName(Errno.IO)) : code);
  trace.number(result);
  return false;
}

function typeOf(filetype: number): number {
  return filetype === Filetype.DIRECTORY ? TYPE_DIRECTORY : TYPE_FILE;
}

/** Returns false for "." and "..", which WASI 0.3 does not list. */
function isThere({ name }: DirectoryEntry): boolean {
  return ![".", ".."].includes(Buffer.from(name).toString());
}
