/**
 * The imports of `wasi:filesystem` (WASI 0.2), as the canonical ABI flattens them. A result begins
 * with a tag (0: success). The value follows, aligned to the longest number in it.
 */
import { Handle } from "./abi";

/** The buffer for results of the host. The longest is the metadata of a file, of 104 bytes. */
export const ANSWER: usize = memory.data(104, 8);
/** The offset of the error code after the tag, in a result without a value. */
export const CODE_AT: usize = 1;
/** The offset of the value after the tag, if no number in it is longer than 4 bytes. */
export const VALUE_AT: usize = 4;
/** The offset of the value after the tag, if it has numbers of 8 bytes. */
export const LONG_VALUE_AT: usize = 8;
/** The offset of the size in the metadata of a file. */
export const SIZE_AT: usize = 24;
/** The offset of the name in a directory entry. */
export const NAME_AT: usize = 12;

/** The access rights of a descriptor. */
export enum DescriptorFlags {
  READ = 1,
  WRITE = 2,
}

/** The options for opening a path. */
export enum OpenFlags {
  NONE = 0,
  CREATE = 1,
  EXCLUSIVE = 4,
}


@external("wasi:filesystem/preopens@0.2.0", "get-directories")
export declare function getDirectories(result: usize): void;


@external("wasi:filesystem/types@0.2.0", "[method]descriptor.open-at")
export declare function openAt(
  directory: Handle,
  pathFlags: i32,
  path: usize,
  pathBytes: usize,
  openFlags: i32,
  flags: i32,
  result: usize,
): void;


@external("wasi:filesystem/types@0.2.0", "[method]descriptor.read")
export declare function readAt(file: Handle, most: u64, offset: u64, result: usize): void;


@external("wasi:filesystem/types@0.2.0", "[method]descriptor.write")
export declare function writeAt(
  file: Handle,
  at: usize,
  bytes: usize,
  offset: u64,
  result: usize,
): void;


@external("wasi:filesystem/types@0.2.0", "[method]descriptor.stat")
export declare function stat(file: Handle, result: usize): void;


@external("wasi:filesystem/types@0.2.0", "[method]descriptor.set-size")
export declare function setSize(file: Handle, size: u64, result: usize): void;


@external("wasi:filesystem/types@0.2.0", "[method]descriptor.sync-data")
export declare function syncData(file: Handle, result: usize): void;


@external("wasi:filesystem/types@0.2.0", "[method]descriptor.unlink-file-at")
export declare function unlinkFileAt(
  directory: Handle,
  path: usize,
  pathBytes: usize,
  result: usize,
): void;


@external("wasi:filesystem/types@0.2.0", "[method]descriptor.read-directory")
export declare function readDirectory(directory: Handle, result: usize): void;


@external(
  "wasi:filesystem/types@0.2.0",
  "[method]directory-entry-stream.read-directory-entry",
)
export declare function readDirectoryEntry(entries: Handle, result: usize): void;


@external("wasi:filesystem/types@0.2.0", "[resource-drop]descriptor")
export declare function dropDescriptor(descriptor: Handle): void;


@external("wasi:filesystem/types@0.2.0", "[resource-drop]directory-entry-stream")
export declare function dropEntries(entries: Handle): void;
