/**
 * Files and directories: the verbs that a journal needs. Each answers with a result of zero or
 * more, or with a negated errno; each waits for the disk.
 */
import { Fd } from "./fd";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/files";
import * as preview3 from "./preview3/files";

/** How a file is opened. */
export enum Open {
  /** To be read; it must be there. */
  READ = 0,
  /** To be read and appended to; it must be there. */
  APPEND = 1,
  /** The same; it must not be there. */
  CREATE = 2,
}

/** A directory that the host handed in under this name. @returns its descriptor, or -errno */
export function handedInDirectory(name: string): i32 {
  if (IS_COMPONENT) return preview3.handedInDirectory(name);
  return preview1.handedInDirectory(name);
}

/** @returns the descriptor of a file, or -errno */
export function openFile(directory: Fd, path: string, how: Open): i32 {
  const appends = how != Open.READ;
  const creates = how == Open.CREATE;
  if (IS_COMPONENT) return preview3.openFile(directory, path, appends, creates);
  return preview1.openFile(directory, path, appends, creates);
}

/** @returns 0, or -errno */
export function removeFile(directory: Fd, path: string): i32 {
  if (IS_COMPONENT) return preview3.removeFile(directory, path);
  return preview1.removeFile(directory, path);
}

/** Names of all in a directory, in no order, maybe `.` and `..` too. @returns 0, or -errno */
export function listDirectory(directory: Fd, names: Array<string>): i32 {
  if (IS_COMPONENT) return preview3.listDirectory(directory, names);
  return preview1.listDirectory(directory, names);
}

/** Reads on from where the last read ended. @returns the bytes read, 0 at the end, or -errno */
export function readFile(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.readFile(fd, buffer, length);
  return preview1.readFile(fd, buffer, length);
}

/** Appends. @returns the bytes taken, maybe fewer than `length`, or -errno */
export function appendFile(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.appendFile(fd, buffer, length);
  return preview1.appendFile(fd, buffer, length);
}

/** @returns bytes, or -errno */
export function fileSize(fd: Fd): i64 {
  if (IS_COMPONENT) return preview3.fileSize(fd);
  return preview1.fileSize(fd);
}

/** Cuts a file off. @returns 0, or -errno */
export function cutFile(fd: Fd, size: u64): i32 {
  if (IS_COMPONENT) return preview3.cutFile(fd, size);
  return preview1.cutFile(fd, size);
}

/** Waits until all that was written is safe from a loss of power. @returns 0, or -errno */
export function syncFile(fd: Fd): i32 {
  if (IS_COMPONENT) return preview3.syncFile(fd);
  return preview1.syncFile(fd);
}
