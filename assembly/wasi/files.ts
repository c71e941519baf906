/**
 * The files and directories that a journal needs. Each function returns a result of 0 or more, or a
 * negated errno. Each blocks until the disk has finished.
 */
import { Fd } from "./fd";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/files";
import * as preview3 from "./preview3/files";

/** The mode in which a file is opened. */
export enum Open {
  /** For reading. The file must exist. */
  READ = 0,
  /** For reading and appending. The file must exist. */
  APPEND = 1,
  /** For reading and appending. The file must not exist. */
  CREATE = 2,
}

/** Finds the directory that the host passed in under `name`. @returns its descriptor, or -errno */
export function handedInDirectory(name: string): i32 {
  if (IS_COMPONENT) return preview3.handedInDirectory(name);
  return preview1.handedInDirectory(name);
}

/** Opens a file. @returns its descriptor, or -errno */
export function openFile(directory: Fd, path: string, how: Open): i32 {
  const appends = how != Open.READ;
  const creates = how == Open.CREATE;
  if (IS_COMPONENT) return preview3.openFile(directory, path, appends, creates);
  return preview1.openFile(directory, path, appends, creates);
}

/** Deletes a file. @returns 0, or -errno */
export function removeFile(directory: Fd, path: string): i32 {
  if (IS_COMPONENT) return preview3.removeFile(directory, path);
  return preview1.removeFile(directory, path);
}

/**
 * Appends the names of all directory entries to `names`, unsorted, maybe with `.` and `..`.
 *
 * @returns 0, or -errno
 */
export function listDirectory(directory: Fd, names: Array<string>): i32 {
  if (IS_COMPONENT) return preview3.listDirectory(directory, names);
  return preview1.listDirectory(directory, names);
}

/**
 * Reads up to `length` bytes, from the end of the last read.
 *
 * @returns the bytes read, 0 at the end, or -errno
 */
export function readFile(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.readFile(fd, buffer, length);
  return preview1.readFile(fd, buffer, length);
}

/** Appends up to `length` bytes. @returns the bytes taken, maybe fewer, or -errno */
export function appendFile(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.appendFile(fd, buffer, length);
  return preview1.appendFile(fd, buffer, length);
}

/** Returns the size of a file in bytes, or -errno. */
export function fileSize(fd: Fd): i64 {
  if (IS_COMPONENT) return preview3.fileSize(fd);
  return preview1.fileSize(fd);
}

/** Truncates a file to `size` bytes. @returns 0, or -errno */
export function cutFile(fd: Fd, size: u64): i32 {
  if (IS_COMPONENT) return preview3.cutFile(fd, size);
  return preview1.cutFile(fd, size);
}

/** Waits until all bytes written are on the disk (fdatasync). @returns 0, or -errno */
export function syncFile(fd: Fd): i32 {
  if (IS_COMPONENT) return preview3.syncFile(fd);
  return preview1.syncFile(fd);
}
