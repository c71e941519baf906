/**
 * The interface of a proactor, which reports completion instead of readiness: the caller passes a
 * buffer, and a callback follows when it is filled.
 *
 * With readiness, the program learns that a read would not block, and then reads: the second phase,
 * the copy, is its own work. With completion, both phases are over at the callback. WASI 0.3 has
 * such reads, so a component has a real proactor (stream_proactor.ts). WASI preview1 has none:
 * emulated_proactor.ts emulates one. Linux has had `aio` since 2.6, as the tutorial says, but it is
 * asynchronous only for files opened with O_DIRECT: on a socket, submitting a read waits for its
 * data. io_uring is asynchronous for sockets, too.
 */
import { Fd } from "../wasi/socket";

/** The callback of an operation. */
export abstract class Completion {
  /**
   * Handles the end of the operation.
   *
   * @param result the bytes in the buffer, 0 at the end; for an accept the new descriptor; or
   * -errno
   */
  abstract done(fd: Fd, result: i32): void;
}

export abstract class Proactor {
  /** The time spent in waits, in nanoseconds: the first phase. */
  waitedNs: u64 = 0;
  /** The time spent in reads, in nanoseconds: the second phase; 0 if the host does the reads. */
  copiedNs: u64 = 0;

  /** Reads up to `capacity` bytes into `buffer`, then calls `completion`. */
  abstract read(fd: Fd, buffer: usize, capacity: u32, completion: Completion): void;

  /** Accepts the next connection, then calls `completion` with it. */
  abstract accept(fd: Fd, completion: Completion): void;

  /** Calls `completion` when `fd` is readable: for stdin, which is no socket. */
  abstract ready(fd: Fd, completion: Completion): void;

  /** Waits until an operation is complete, and calls the completions. */
  abstract runOnce(): void;
}
