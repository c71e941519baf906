/**
 * Files and directories, by WASI 0.2. Its files have no file position, and a write to its streams
 * may happen later. So each descriptor here keeps its own position, and reads and writes at that
 * offset, without streams. When a write returns, the kernel has the bytes.
 *
 * If two programs append to one file at the same time, they write to the same offset. On preview1
 * both appends would be kept.
 */
import { countCall } from "../calls";
import { BADF, errno } from "../errno";
import { Fd } from "../fd";
import { clearListBuffer, Handle, NO_HANDLE, setListBuffer } from "./abi";
import { fileErrnoOf } from "./file_error";
import * as fs from "./filesystem";
import { Descriptor, enter, findOf, Kind, leave } from "./table";

/** The size of one entry in the list of preopened directories: a handle, and a name. */
const HANDED_IN_BYTES: usize = 12;
/** The most bytes of a file's name or path. */
const MAX_NAME_BYTES: u32 = 256;

const name = memory.data(256);

/** An open file or directory. */
class OpenFile extends Descriptor {
  /** The offset of the next read or write in bytes. */
  position: u64 = 0;

  constructor(public handle: Handle) {
    super(Kind.FILE);
  }

  release(): void {
    countCall();
    fs.dropDescriptor(this.handle);
  }
}

function findFile(fd: Fd): OpenFile | null {
  const found = findOf(fd, Kind.FILE);
  return found === null ? null : changetype<OpenFile>(found);
}

/**
 * Returns the outcome of the last call: 0, or -errno.
 *
 * @param codeAt the offset of the error code in ANSWER
 */
// @ts-ignore: decorator
@inline
function outcome(codeAt: usize): i32 {
  if (load<u8>(fs.ANSWER) == 0) return 0;
  return -fileErrnoOf(load<u8>(fs.ANSWER + codeAt));
}

/**
 * Finds the directory that the host passed in under `wanted`.
 *
 * @returns its descriptor, or -errno
 */
export function handedInDirectory(wanted: string): i32 {
  countCall();
  fs.getDirectories(fs.ANSWER);
  const list = load<usize>(fs.ANSWER);
  const count = load<usize>(fs.ANSWER, 4);
  let found = NO_HANDLE;
  for (let i: usize = 0; i < count; i++) {
    const one = list + i * HANDED_IN_BYTES;
    const handle = load<Handle>(one);
    const isWanted = takeText(one + 4) == wanted;
    if (found == NO_HANDLE && isWanted) {
      found = handle;
    } else {
      countCall();
      fs.dropDescriptor(handle);
    }
  }
  if (count > 0) heap.free(list);
  return found == NO_HANDLE ? -(<i32>errno.NOENT) : enter(new OpenFile(found));
}

/** Decodes and frees a string of the host. @param pair the address of its address and length */
function takeText(pair: usize): string {
  const at = load<usize>(pair);
  const bytes = load<usize>(pair, 4);
  // The host allocates nothing for an empty string.
  if (bytes == 0) return "";
  const text = String.UTF8.decodeUnsafe(at, bytes);
  heap.free(at);
  return text;
}

/**
 * Opens a file.
 *
 * @param appends true to open it for appending, too
 * @param creates true to create it; it must not exist
 * @returns its descriptor, or -errno
 */
export function openFile(directory: Fd, path: string, appends: bool, creates: bool): i32 {
  const parent = findFile(directory);
  if (parent === null) return -BADF;
  const length = encodeName(path);
  const how = creates ? fs.OpenFlags.CREATE | fs.OpenFlags.EXCLUSIVE : fs.OpenFlags.NONE;
  const use = fs.DescriptorFlags.READ | (appends ? fs.DescriptorFlags.WRITE : 0);
  countCall();
  fs.openAt(parent.handle, 0, name, length, how, use, fs.ANSWER);
  const error = outcome(fs.VALUE_AT);
  if (error != 0) return error;
  const file = new OpenFile(load<Handle>(fs.ANSWER, fs.VALUE_AT));
  const fd = enter(file);
  if (!appends) return fd;
  const size = fileSize(fd);
  if (size < 0) {
    leave(fd);
    file.release();
    return <i32>size;
  }
  file.position = size;
  return fd;
}

/** Deletes a file. @returns 0, or -errno */
export function removeFile(directory: Fd, path: string): i32 {
  const parent = findFile(directory);
  if (parent === null) return -BADF;
  const length = encodeName(path);
  countCall();
  fs.unlinkFileAt(parent.handle, name, length, fs.ANSWER);
  return outcome(fs.CODE_AT);
}

/** Appends the names of all directory entries to `names`, unsorted. @returns 0, or -errno */
export function listDirectory(directory: Fd, names: Array<string>): i32 {
  const parent = findFile(directory);
  if (parent === null) return -BADF;
  countCall();
  fs.readDirectory(parent.handle, fs.ANSWER);
  let error = outcome(fs.VALUE_AT);
  if (error != 0) return error;
  const entries = load<Handle>(fs.ANSWER, fs.VALUE_AT);
  let isThere = true;
  while (isThere) {
    countCall();
    fs.readDirectoryEntry(entries, fs.ANSWER);
    error = outcome(fs.VALUE_AT);
    // The entry was deleted meanwhile, or its name is not UTF-8, so it is no file of this project.
    if (error == -(<i32>errno.NOENT) || error == -(<i32>errno.ILSEQ)) continue;
    isThere = error == 0 && load<u8>(fs.ANSWER, fs.VALUE_AT) != 0;
    if (isThere) names.push(takeText(fs.ANSWER + fs.NAME_AT));
  }
  countCall();
  fs.dropEntries(entries);
  return error;
}

/**
 * Reads up to `length` bytes, from the end of the last read.
 *
 * @returns the bytes read, 0 at the end, or -errno
 */
export function readFile(fd: Fd, buffer: usize, length: u32): i32 {
  const file = findFile(fd);
  if (file === null) return -BADF;
  countCall();
  setListBuffer(buffer, length);
  fs.readAt(file.handle, length, file.position, fs.ANSWER);
  clearListBuffer();
  const error = outcome(fs.VALUE_AT);
  if (error != 0) return error;
  const got = load<i32>(fs.ANSWER, fs.VALUE_AT + 4);
  file.position += got;
  return got;
}

/** Appends up to `length` bytes. @returns the bytes taken, maybe fewer, or -errno */
export function appendFile(fd: Fd, buffer: usize, length: u32): i32 {
  const file = findFile(fd);
  if (file === null) return -BADF;
  countCall();
  fs.writeAt(file.handle, buffer, length, file.position, fs.ANSWER);
  const error = outcome(fs.LONG_VALUE_AT);
  if (error != 0) return error;
  const written = load<i32>(fs.ANSWER, fs.LONG_VALUE_AT);
  file.position += written;
  return written;
}

/** Returns the size of a file in bytes, or -errno. */
export function fileSize(fd: Fd): i64 {
  const file = findFile(fd);
  if (file === null) return -BADF;
  countCall();
  fs.stat(file.handle, fs.ANSWER);
  const error = outcome(fs.LONG_VALUE_AT);
  return error != 0 ? error : load<i64>(fs.ANSWER, fs.SIZE_AT);
}

/** Truncates a file to `size` bytes, and moves its position there. @returns 0, or -errno */
export function cutFile(fd: Fd, size: u64): i32 {
  const file = findFile(fd);
  if (file === null) return -BADF;
  countCall();
  fs.setSize(file.handle, size, fs.ANSWER);
  const error = outcome(fs.CODE_AT);
  if (error == 0) file.position = size;
  return error;
}

/** Waits until all bytes written are on the disk. @returns 0, or -errno */
export function syncFile(fd: Fd): i32 {
  const file = findFile(fd);
  if (file === null) return -BADF;
  countCall();
  fs.syncData(file.handle, fs.ANSWER);
  return outcome(fs.CODE_AT);
}

function encodeName(path: string): u32 {
  assert(String.UTF8.byteLength(path) <= <i32>MAX_NAME_BYTES, "a long path");
  return <u32>String.UTF8.encodeUnsafe(changetype<usize>(path), path.length, name);
}
