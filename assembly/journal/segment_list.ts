/** The list of a journal's segments, oldest first, and the files that belong to it. */
import { NOENT } from "../wasi/errno";
import { Open, openFile, removeFile } from "../wasi/files";
import { close, Fd } from "../wasi/socket";
import { segmentName } from "./format";
import { Segment } from "./segment";

/** Returns the size of all segments in bytes. */
export function bytesOf(segments: Array<Segment>): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < segments.length; i++) sum += segments[i].bytes;
  return sum;
}

/**
 * Removes the oldest segments from the list, and their files, until one cannot be removed.
 *
 * @param count the number of segments
 * @returns 0, or the error of the file that now comes first, as -errno
 */
export function removeOldest(directory: Fd, segments: Array<Segment>, count: i32): i32 {
  let error = 0;
  let removed = 0;
  for (; removed < count && error == 0; removed++) {
    error = removeFile(directory, segmentName(segments[removed].number));
    if (error == -NOENT) error = 0;
  }
  if (error != 0) removed--;
  segments.splice(0, removed);
  return error;
}

/** Returns true if the file of a segment is in the directory, or if that cannot be found out. */
export function isThere(directory: Fd, segment: Segment): bool {
  const fd = openFile(directory, segmentName(segment.number), Open.READ);
  if (fd >= 0) close(fd);
  return fd != -NOENT;
}

/** Removes the segments without files from the list. */
export function dropMissing(directory: Fd, segments: Array<Segment>): void {
  for (let i = segments.length - 1; i >= 0; i--) {
    if (!isThere(directory, segments[i])) segments.splice(i, 1);
  }
}

/**
 * Returns the number of the oldest segments to delete, so that there is room for a new one.
 *
 * @param newBytes the size of a new segment
 * @param bytesMost the most bytes of all segments
 */
export function surplus(segments: Array<Segment>, newBytes: u64, bytesMost: u64): i32 {
  let bytes = bytesOf(segments);
  let going = 0;
  while (going < segments.length && bytes + newBytes > bytesMost) bytes -= segments[going++].bytes;
  return going;
}
