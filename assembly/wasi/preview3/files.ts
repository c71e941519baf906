/**
 * Files and directories, by WASI 0.2. A file has no place of its own there, and streams write when
 * they like: so each descriptor remembers where it goes on, and reads and writes there. When a
 * write returns, the kernel has the bytes.
 *
 * Two programs that append to one file at the same moment would write to the same place, where
 * preview1 puts one behind the other.
 */
import { countCall } from "../calls";
import { BADF, errno } from "../errno";
import { Fd } from "../fd";
import { clearListBuffer, Handle, NO_HANDLE, setListBuffer } from "./abi";
import { fileErrnoOf } from "./file_error";
import * as fs from "./filesystem";
import { Descriptor, enter, findOf, Kind, leave } from "./table";

/** Bytes of one directory in the list of those handed in: a handle, and a name. */
const HANDED_IN_BYTES: usize = 12;
const MAX_NAME_BYTES: u32 = 256;

const name = memory.data(256);

/** A file or a directory. */
class OpenFile extends Descriptor {
  /** Where the next read or write begins, in bytes. */
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

/** How the last call went. @returns 0, or -errno */
// @ts-ignore: decorator
@inline
function outcome(codeAt: usize): i32 {
  if (load<u8>(fs.ANSWER) == 0) return 0;
  return -fileErrnoOf(load<u8>(fs.ANSWER + codeAt));
}

/** A directory that the host handed in under this name. @returns its descriptor, or -errno */
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

/** The text that the host has put on the heap, told by where it is and how long. */
function takeText(pair: usize): string {
  const at = load<usize>(pair);
  const bytes = load<usize>(pair, 4);
  // What is empty was never allocated.
  if (bytes == 0) return "";
  const text = String.UTF8.decodeUnsafe(at, bytes);
  heap.free(at);
  return text;
}

/**
 * @param creates it must not be there yet
 * @returns the descriptor of a file, or -errno
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

/** @returns 0, or -errno */
export function removeFile(directory: Fd, path: string): i32 {
  const parent = findFile(directory);
  if (parent === null) return -BADF;
  const length = encodeName(path);
  countCall();
  fs.unlinkFileAt(parent.handle, name, length, fs.ANSWER);
  return outcome(fs.CODE_AT);
}

/** Names of all that is in a directory, in no order. @returns 0, or -errno */
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
    // Gone since the directory was read, or of a name that is no text: nothing of ours.
    if (error == -(<i32>errno.NOENT) || error == -(<i32>errno.ILSEQ)) continue;
    isThere = error == 0 && load<u8>(fs.ANSWER, fs.VALUE_AT) != 0;
    if (isThere) names.push(takeText(fs.ANSWER + fs.NAME_AT));
  }
  countCall();
  fs.dropEntries(entries);
  return error;
}

/** Reads on from where the last read ended. @returns the bytes read, 0 at the end, or -errno */
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

/** Appends. @returns the bytes taken, maybe fewer than `length`, or -errno */
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

/** @returns bytes, or -errno */
export function fileSize(fd: Fd): i64 {
  const file = findFile(fd);
  if (file === null) return -BADF;
  countCall();
  fs.stat(file.handle, fs.ANSWER);
  const error = outcome(fs.LONG_VALUE_AT);
  return error != 0 ? error : load<i64>(fs.ANSWER, fs.SIZE_AT);
}

/** Cuts a file off, and goes on there. @returns 0, or -errno */
export function cutFile(fd: Fd, size: u64): i32 {
  const file = findFile(fd);
  if (file === null) return -BADF;
  countCall();
  fs.setSize(file.handle, size, fs.ANSWER);
  const error = outcome(fs.CODE_AT);
  if (error == 0) file.position = size;
  return error;
}

/** Waits until all that was written is safe from a loss of power. @returns 0, or -errno */
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
