/**
 * Files and directories, on preview1. Sources: the standard, and wasi-common 36 where the standard
 * leaves a choice. A directory cannot be synced.
 */
import {
  errno,
  fd_datasync,
  fd_filestat_get,
  fd_filestat_set_size,
  fd_prestat_dir_name,
  fd_prestat_get,
  fd_read,
  fd_readdir,
  fd_write,
  fdflags,
  filestat,
  iovec,
  oflags,
  path_open,
  path_unlink_file,
  prestat,
  rights,
} from "./abi";
import { countCall } from "../calls";
import { Fd, FIRST_OF_OURS } from "../fd";
import { filetypeOf } from "./descriptors";

/** The rights of a descriptor for reading. */
const READ_RIGHTS: u64 = rights.FD_READ | rights.FD_SEEK | rights.FD_FILESTAT_GET;
const WRITE_RIGHTS: u64 =
  READ_RIGHTS | rights.FD_WRITE | rights.FD_DATASYNC | rights.FD_SYNC | rights.FD_FILESTAT_SET_SIZE;
const MAX_NAME_BYTES: u32 = 256;
/** The size in bytes of the buffer for one call of `fd_readdir`. */
const LISTING_BYTES: u32 = 8192;
/** The bytes of one entry before its name. */
const ENTRY_BYTES: u32 = 24;

const out = memory.data(64);
const vector = memory.data(8);
const name = memory.data(256);
const listing = memory.data(8192);

/**
 * Finds the directory that the host passed in under `wanted`.
 *
 * @returns its descriptor, or -errno
 */
export function handedInDirectory(wanted: string): i32 {
  for (let fd = FIRST_OF_OURS; filetypeOf(fd) >= 0; fd++) {
    countCall();
    if (fd_prestat_get(fd, changetype<prestat>(out)) != errno.SUCCESS) continue;
    const length = load<u32>(out, 4);
    if (length > MAX_NAME_BYTES) continue;
    if (fd_prestat_dir_name(fd, name, length) != errno.SUCCESS) continue;
    if (String.UTF8.decodeUnsafe(name, length) == wanted) return fd;
  }
  return -(<i32>errno.NOENT);
}

/**
 * Opens a file.
 *
 * @param appends true to open it for appending, too
 * @param creates true to create it; it must not exist
 * @returns its descriptor, or -errno
 */
export function openFile(directory: Fd, path: string, appends: bool, creates: bool): i32 {
  countCall();
  const length = encodeName(path);
  const how: u16 = creates ? <u16>(oflags.CREAT | oflags.EXCL) : 0;
  const wanted = appends ? WRITE_RIGHTS : READ_RIGHTS;
  const flags: u16 = appends ? fdflags.APPEND : 0;
  const code = path_open(directory, 0, name, length, how, wanted, 0, flags, out);
  return code == errno.SUCCESS ? load<i32>(out) : -(<i32>code);
}

/** Deletes a file. @returns 0, or -errno */
export function removeFile(directory: Fd, path: string): i32 {
  countCall();
  return -(<i32>path_unlink_file(directory, name, encodeName(path)));
}

/**
 * Appends the names of all directory entries to `names`, unsorted, with `.` and `..`.
 *
 * @returns 0, or -errno
 */
export function listDirectory(directory: Fd, names: Array<string>): i32 {
  let cookie: u64 = 0;
  let used: u32 = 0;
  do {
    countCall();
    const code = fd_readdir(directory, listing, LISTING_BYTES, cookie, out);
    if (code != errno.SUCCESS) return -(<i32>code);
    used = load<u32>(out);
    let at: u32 = 0;
    while (at + ENTRY_BYTES <= used) {
      const length = load<u32>(listing + at, 16);
      const end = at + ENTRY_BYTES + length;
      if (end > used) break;
      names.push(String.UTF8.decodeUnsafe(listing + at + ENTRY_BYTES, length));
      cookie = load<u64>(listing + at);
      at = end;
    }
    // A full buffer may end with a cut entry; the next call begins with that entry.
  } while (used == LISTING_BYTES);
  return 0;
}

/**
 * Reads up to `length` bytes, from the end of the last read.
 *
 * @returns the bytes read, 0 at the end, or -errno
 */
export function readFile(fd: Fd, buffer: usize, length: u32): i32 {
  countCall();
  changetype<iovec>(vector).buf = buffer;
  changetype<iovec>(vector).buf_len = length;
  const code = fd_read(fd, vector, 1, out);
  return code == errno.SUCCESS ? load<i32>(out) : -(<i32>code);
}

/** Appends up to `length` bytes. @returns the bytes taken, maybe fewer, or -errno */
export function appendFile(fd: Fd, buffer: usize, length: u32): i32 {
  countCall();
  changetype<iovec>(vector).buf = buffer;
  changetype<iovec>(vector).buf_len = length;
  const code = fd_write(fd, vector, 1, out);
  return code == errno.SUCCESS ? load<i32>(out) : -(<i32>code);
}

/** Returns the size of a file in bytes, or -errno. */
export function fileSize(fd: Fd): i64 {
  countCall();
  const code = fd_filestat_get(fd, changetype<filestat>(out));
  return code == errno.SUCCESS ? <i64>changetype<filestat>(out).size : -(<i64>code);
}

/** Truncates a file to `size` bytes. @returns 0, or -errno */
export function cutFile(fd: Fd, size: u64): i32 {
  countCall();
  return -(<i32>fd_filestat_set_size(fd, size));
}

/** Waits until all bytes written are on the disk. @returns 0, or -errno */
export function syncFile(fd: Fd): i32 {
  countCall();
  return -(<i32>fd_datasync(fd));
}

function encodeName(path: string): u32 {
  assert(String.UTF8.byteLength(path) <= <i32>MAX_NAME_BYTES, "a long path");
  return <u32>String.UTF8.encodeUnsafe(changetype<usize>(path), path.length, name);
}
