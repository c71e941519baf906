/** Asking about one descriptor alone: every known host answers that exactly, and takes nothing. */
import { filetypeOf, isNonBlocking } from "../wasi/descriptors";
import { AGAIN, BADF } from "../wasi/errno";
import * as poll from "../wasi/preview1/poll";
import { Fd, isConnectionAnswer, peek } from "../wasi/socket";
import { looksWatchable, STDIN } from "../wasi/stdio";
import { SelectorError } from "./errors";
import { EVENT_READ } from "./events";
import { SelectorKey } from "./key";

/** A PEEK at a blocking connection would wait, and at anything but a connection it fails. */
export function isPeekable<T>(key: SelectorKey<T>): bool {
  return isNonBlocking(key.fd) && peekFirst(key);
}

/**
 * Peeks for the first time at a descriptor that does not wait. An error that this takes off the
 * socket is kept for the next `select` that names the key.
 *
 * @returns whether it is a connection
 */
export function peekFirst<T>(key: SelectorKey<T>): bool {
  const found = peek(key.fd);
  if (!isConnectionAnswer(found)) return false;
  if (found < 0 && found != -AGAIN) key._takenErrno = -found;
  return true;
}

/** What is wrong with polling something that may not be a connection. */
export function checkPollable<T>(key: SelectorKey<T>, trustStdin: bool): SelectorError {
  const fd = key.fd;
  if (filetypeOf(fd) < 0) return SelectorError.BAD_FD;
  if (fd == STDIN && !trustStdin && !looksWatchable()) return SelectorError.UNPOLLABLE;
  return poll.pollOne(fd, direction(key)) < 0 ? SelectorError.UNPOLLABLE : SelectorError.NONE;
}

/** Whether a read would not wait. An error is an answer too, and PEEK takes it: it is kept. */
export function canRead<T>(key: SelectorKey<T>): bool {
  if (!key._peekable) return isReady(key.fd, poll.READ);
  const found = peek(key.fd);
  if (found < 0) key.errno = found == -AGAIN ? 0 : -found;
  return found != -AGAIN;
}

export function canWrite<T>(key: SelectorKey<T>): bool {
  return isReady(key.fd, poll.WRITE);
}

/** Whether a call with this descriptor fails with `errno`. */
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
