/**
 * Reads the records of one segment in order. It skips damaged bytes: after damage it searches for
 * the next complete record, and counts the bytes between.
 *
 * A text inside another record cannot pass for a record: the type of a record has zero bytes, and
 * no text of the chat has any.
 */
import { INTR } from "../wasi/errno";
import { Open, openFile, readFile } from "../wasi/files";
import { close, Fd } from "../wasi/socket";
import {
  checkHeader,
  HEADER_BYTES,
  HeaderState,
  isWhole,
  looksLikeRecord,
  PAYLOAD_BYTES_MOST,
  RECORD_HEADER_BYTES,
  segmentName,
  VERSION,
  versionOf,
} from "./format";

/** The size of the window that slides over the file, in bytes. The longest record fits. */
const WINDOW_BYTES: u32 = 2 * (PAYLOAD_BYTES_MOST + RECORD_HEADER_BYTES);

export class SegmentReader {
  /** The record that {@link next} has found. */
  type: u32 = 0;
  payload: usize = 0;
  length: u32 = 0;

  header: HeaderState = HeaderState.BAD;
  /** The format version of the segment; 0 if its header is damaged. */
  version: u32 = VERSION;
  /** The offset of the end of the last complete record. */
  goodEnd: u64 = 0;
  /** The size of the file in bytes. */
  size: u64 = 0;
  /** The number of skipped bytes before the last complete record. */
  damaged: u64 = 0;
  /** The offset of the first skipped byte. */
  firstDamage: u64 = 0;
  /** The error of a failed read, as a negated errno, or 0. */
  errno: i32 = 0;

  private fd: Fd = 0;
  private window: usize = heap.alloc(WINDOW_BYTES);
  /** The index of the next byte in the window. */
  private at: u32 = 0;
  /** The end of the bytes in the window. */
  private end: u32 = 0;
  /** The offset of the next byte in the file. */
  private offset: u64 = 0;
  private passed: u64 = 0;
  private ended: bool = false;

  /** Opens a segment. @returns 0, or -errno */
  open(directory: Fd, number: u64): i32 {
    const fd = openFile(directory, segmentName(number), Open.READ);
    if (fd < 0) return fd;
    this.fd = fd;
    this.at = 0;
    this.end = 0;
    this.offset = 0;
    this.size = 0;
    this.passed = 0;
    this.damaged = 0;
    this.errno = 0;
    this.ended = false;
    this.goodEnd = 0;
    const hasHeader = this.fill(HEADER_BYTES);
    this.header = hasHeader ? checkHeader(this.window, number) : HeaderState.BAD;
    this.version = versionOf(this.window, this.header);
    if (this.header != HeaderState.BAD) {
      this.pass(HEADER_BYTES);
      this.goodEnd = this.offset;
    }
    return this.errno;
  }

  /** Moves to the next record. @returns false at the end, or if reading fails */
  next(): bool {
    while (this.fill(RECORD_HEADER_BYTES)) {
      const at = this.window + this.at;
      if (looksLikeRecord(at)) {
        const bytes = RECORD_HEADER_BYTES + load<u32>(at, 4);
        // `fill` may move the bytes in the window.
        if (this.fill(bytes) && isWhole(this.window + this.at)) {
          this.found(bytes);
          return true;
        }
      }
      this.pass(1);
      this.passed++;
    }
    this.size = this.offset + (this.end - this.at);
    return false;
  }

  /** Closes the segment. */
  close(): void {
    close(this.fd);
  }

  /** Frees the window. */
  free(): void {
    heap.free(this.window);
    this.window = 0;
  }

  private found(bytes: u32): void {
    const at = this.window + this.at;
    this.length = load<u32>(at, 4);
    this.type = load<u32>(at, 8);
    this.payload = at + RECORD_HEADER_BYTES;
    if (this.passed > 0) {
      if (this.damaged == 0) this.firstDamage = this.offset - this.passed;
      this.damaged += this.passed;
      this.passed = 0;
    }
    this.pass(bytes);
    this.goodEnd = this.offset;
  }

  private pass(bytes: u32): void {
    this.at += bytes;
    this.offset += bytes;
  }

  /**
   * Reads until `bytes` bytes are in the window.
   *
   * @returns false if the file has fewer, or reading fails
   */
  private fill(bytes: u32): bool {
    if (this.end - this.at >= bytes) return true;
    if (this.ended) return false;
    this.end -= this.at;
    memory.copy(this.window, this.window + this.at, this.end);
    this.at = 0;
    while (this.end < bytes && this.errno == 0) {
      const got = readFile(this.fd, this.window + this.end, WINDOW_BYTES - this.end);
      if (got > 0) this.end += got;
      else if (got < 0 && got != -INTR) this.errno = got;
      this.ended = got == 0;
      if (this.ended) return false;
    }
    return this.errno == 0;
  }
}
