/**
 * Writes the newest segment, by appending only. A record that could not be written completely is
 * cut off again.
 */
import { EXIST, INTR, IO } from "../wasi/errno";
import { appendFile, cutFile, fileSize, Open, openFile, removeFile, syncFile } from "../wasi/files";
import { close, Fd } from "../wasi/socket";
import { segmentName } from "./format";

/** The most numbers that are tried for a new segment, since files with some of them may exist. */
const NUMBERS_TRIED: i32 = 16;
/** The result of {@link SegmentWriter.append} if another program has changed the file. */
export const INTRUDED: i32 = i32.MIN_VALUE;

export class SegmentWriter {
  number: u64 = 0;
  /** The number of bytes that were written completely. */
  bytes: u64 = 0;
  private fd: Fd = 0;

  constructor(private directory: Fd) {}

  /** Creates a file with this number, or the next free one. @returns 0, or -errno */
  create(number: u64): i32 {
    this.bytes = 0;
    let fd: i32 = -EXIST;
    for (let tries = 0; fd == -EXIST && tries < NUMBERS_TRIED; tries++) {
      this.number = number + tries;
      fd = openFile(this.directory, segmentName(this.number), Open.CREATE);
    }
    return this.opened(fd);
  }

  /**
   * Opens an existing file, and cuts off what follows its first `bytes` bytes.
   *
   * @returns 0, or -errno
   */
  reopen(number: u64, bytes: u64): i32 {
    this.number = number;
    this.bytes = bytes;
    const error = this.opened(openFile(this.directory, segmentName(number), Open.APPEND));
    if (error < 0 || fileSize(this.fd) == <i64>bytes) return error;
    const cut = cutFile(this.fd, bytes);
    // Without a sync, a loss of power could bring back the tail, followed by a part of the next
    // write.
    return cut < 0 ? cut : syncFile(this.fd);
  }

  /** Appends all bytes or none. @returns 0, -errno, or INTRUDED */
  append(at: usize, bytes: u32): i32 {
    const size = fileSize(this.fd);
    if (size < 0) return <i32>size;
    // Two servers must not write to one journal. The second one detects the first one here.
    if (size != <i64>this.bytes) return INTRUDED;
    let done: u32 = 0;
    while (done < bytes) {
      const written = appendFile(this.fd, at + done, bytes - done);
      if (written > 0) {
        done += written;
      } else if (written != -INTR) {
        cutFile(this.fd, this.bytes);
        return written == 0 ? -IO : written;
      }
    }
    this.bytes += bytes;
    return 0;
  }

  sync(): i32 {
    return syncFile(this.fd);
  }

  close(): void {
    if (this.fd == 0) return;
    close(this.fd);
    this.fd = 0;
  }

  /** Closes and deletes the file. */
  remove(): void {
    this.close();
    removeFile(this.directory, segmentName(this.number));
  }

  private opened(fd: i32): i32 {
    if (fd < 0) return fd;
    this.fd = fd;
    return 0;
  }
}
