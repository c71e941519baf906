/**
 * Tests of a single descriptor. Every known host answers them exactly. None consumes input, though
 * a PEEK consumes a pending error of the socket.
 */
import { filetypeOf, isNonBlocking } from "../wasi/descriptors";
import { AGAIN, BADF } from "../wasi/errno";
import * as poll from "../wasi/preview1/poll";
import { Fd, isConnectionAnswer, peek } from "../wasi/socket";
import { looksWatchable, STDIN } from "../wasi/stdio";
import { SelectorError } from "./errors";
import { EVENT_READ } from "./events";
import { SelectorKey } from "./key";

/**
 * Returns true if PEEK can test the key. On a blocking connection it would block, and on anything
 * but a connection it fails.
 */
export function isPeekable<T>(key: SelectorKey<T>): bool {
  return isNonBlocking(key.fd) && peekFirst(key);
}

/**
 * Peeks at a non-blocking descriptor for the first time. If that consumes an error of the socket,
 * the error is kept for the next `select` that reports the key.
 *
 * @returns true if the descriptor is a connection
 */
export function peekFirst<T>(key: SelectorKey<T>): bool {
  const found = peek(key.fd);
  if (!isConnectionAnswer(found)) return false;
  if (found < 0 && found != -AGAIN) key._takenErrno = -found;
  return true;
}

/**
 * Returns NONE if a descriptor that may be no connection can be polled, else BAD_FD or UNPOLLABLE.
 */
export function checkPollable<T>(key: SelectorKey<T>, trustStdin: bool): SelectorError {
  const fd = key.fd;
  if (filetypeOf(fd) < 0) return SelectorError.BAD_FD;
  if (fd == STDIN && !trustStdin && !looksWatchable()) return SelectorError.UNPOLLABLE;
  return poll.pollOne(fd, direction(key)) < 0 ? SelectorError.UNPOLLABLE : SelectorError.NONE;
}

/**
 * Returns true if a read would not block. PEEK consumes an error of the socket, so `key.errno`
 * keeps it.
 */
export function canRead<T>(key: SelectorKey<T>): bool {
  if (!key._peekable) return isReady(key.fd, poll.READ);
  const found = peek(key.fd);
  if (found < 0) key.errno = found == -AGAIN ? 0 : -found;
  return found != -AGAIN;
}

export function canWrite<T>(key: SelectorKey<T>): bool {
  return isReady(key.fd, poll.WRITE);
}

/** Returns true if a poll of this descriptor alone fails with `errno` (BADF: if it is not open). */
export function isBad<T>(key: SelectorKey<T>, errno: i32): bool {
  if (errno == BADF) return filetypeOf(key.fd) == -BADF;
  return poll.pollOne(key.fd, direction(key)) < 0;
}

function direction<T>(key: SelectorKey<T>): u8 {
  return key.events & EVENT_READ ? poll.READ : poll.WRITE;
}

function isReady(fd: Fd, direction: u8): bool {
  return poll.pollOne(fd, direction) != poll.NOT_READY;
}
