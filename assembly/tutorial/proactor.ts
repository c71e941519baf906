/**
 * Completion instead of readiness: hand in a buffer, be called when it is filled.
 *
 * With readiness, the program is told that a read would not wait, and then reads: the second phase,
 * the copy, is its own work. With completion both phases are over when it hears of them. WASI 0.3
 * has such reads, and so a component has a proactor in earnest (stream_proactor.ts). WASI preview1
 * has none: there it is emulated (emulated_proactor.ts). Linux has had `aio` since 2.6, as the
 * tutorial says, but that completes by itself only for files opened with O_DIRECT: on a socket the
 * read still waits for its data when it is handed in. io_uring completes for sockets, too.
 */
import { Fd } from "../wasi/socket";

/** What is called when an operation is over. */
export abstract class Completion {
  /** @param result the bytes in the buffer, 0 at the end; the new fd for an accept; or -errno */
  abstract done(fd: Fd, result: i32): void;
}

export abstract class Proactor {
  /** How long it has waited, in nanoseconds: the first phase. */
  waitedNs: u64 = 0;
  /** How long its reads have taken, in nanoseconds: the second phase, as far as it does that. */
  copiedNs: u64 = 0;

  /** Fills `buffer` with up to `capacity` bytes; `completion` is called once it is filled. */
  abstract read(fd: Fd, buffer: usize, capacity: u32, completion: Completion): void;

  /** Takes the next connection; `completion` is called with it. */
  abstract accept(fd: Fd, completion: Completion): void;

  /** Calls `completion` when `fd` can be read: for stdin, which is no socket. */
  abstract ready(fd: Fd, completion: Completion): void;

  /** Waits until operations are complete, and calls their completions. */
  abstract runOnce(): void;
}
