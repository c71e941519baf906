/**
 * The file of the newest segment, which grows at its end and nowhere else. It never keeps a part of
 * what could not be written whole.
 */
import { EXIST, INTR, IO } from "../wasi/errno";
import { appendFile, cutFile, fileSize, Open, openFile, removeFile, syncFile } from "../wasi/files";
import { close, Fd } from "../wasi/socket";
import { segmentName } from "./format";

/** Numbers tried for a new segment: some may be taken. */
const NUMBERS_TRIED: i32 = 16;
/** What {@link SegmentWriter.append} answers when the file is not as it was left. */
export const INTRUDED: i32 = i32.MIN_VALUE;

export class SegmentWriter {
  number: u64 = 0;
  /** Bytes that have been written whole. */
  bytes: u64 = 0;
  private fd: Fd = 0;

  constructor(private directory: Fd) {}

  /** A new file, with this number or one soon after it. @returns 0, or -errno */
  create(number: u64): i32 {
    this.bytes = 0;
    let fd: i32 = -EXIST;
    for (let tries = 0; fd == -EXIST && tries < NUMBERS_TRIED; tries++) {
      this.number = number + tries;
      fd = openFile(this.directory, segmentName(this.number), Open.CREATE);
    }
    return this.opened(fd);
  }

  /** Goes on with a file of which `bytes` are whole; what follows is cut off. */
  goOn(number: u64, bytes: u64): i32 {
    this.number = number;
    this.bytes = bytes;
    const error = this.opened(openFile(this.directory, segmentName(number), Open.APPEND));
    if (error < 0 || fileSize(this.fd) == <i64>bytes) return error;
    const cut = cutFile(this.fd, bytes);
    // Else a loss of power may leave what was cut, and then a part of what is written next.
    return cut < 0 ? cut : syncFile(this.fd);
  }

  /** All of it, or nothing. @returns 0, -errno, or INTRUDED */
  append(at: usize, bytes: u32): i32 {
    const size = fileSize(this.fd);
    if (size < 0) return <i32>size;
    // Two servers must not write to one journal: whoever comes second finds out here.
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

  /** It was not worth keeping. */
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
