/**
 * The verbs of a socket. Each answers with a result of zero or more, or with a negated errno;
 * none of them waits, unless the socket was accepted as a blocking one.
 *
 * The host counts descriptors up for ever and never gives one out twice.
 *
 * Source of the semantics: WASI preview1, and wasi-common 36 where that leaves room.
 */
import {
  errno,
  fd_close,
  fd_fdstat_set_flags,
  fdflags,
  riflags,
  sdflags,
  sock_accept,
  sock_recv,
  sock_send,
  sock_shutdown,
} from "./abi";
import { countCall } from "../calls";
import { Fd } from "../fd";
import { setVector } from "../vector";

const out = memory.data(8);
const outFlags = memory.data(8);
const one = memory.data(8);

/** Takes a waiting connection, non-blocking unless `blocking`. @returns its fd, or -errno */
export function accept(listener: Fd, blocking: bool): i32 {
  countCall();
  const code = sock_accept(listener, blocking ? 0 : fdflags.NONBLOCK, out);
  return code == errno.SUCCESS ? load<i32>(out) : -(<i32>code);
}

/** Makes calls on a socket wait (`true`) or answer at once. @returns 0, or -errno */
export function setBlocking(fd: Fd, blocking: bool): i32 {
  countCall();
  return -(<i32>fd_fdstat_set_flags(fd, blocking ? 0 : fdflags.NONBLOCK));
}

/** Reads up to `length` bytes to `buffer`. @returns the bytes read, 0 at the end, or -errno */
export function recv(fd: Fd, buffer: usize, length: u32): i32 {
  return receive(fd, buffer, length, 0);
}

/**
 * Asks what a read would find, and takes nothing.
 *
 * @returns 1 if there is a byte, 0 at the end of the stream, -AGAIN if a read would wait, -BADF if
 * the fd is no connection (a listener and stdin answer so), another -errno if the connection broke
 */
export function peek(fd: Fd): i32 {
  return receive(fd, out, 1, riflags.PEEK);
}

/**
 * Whether an answer of {@link peek} is a connection's. Hosts differ in how they refuse other
 * descriptors: BADF (wasmtime), NOTSOCK, NOTCONN, INVAL, NOTSUP.
 */
export function isConnectionAnswer(answer: i32): bool {
  if (answer >= 0 || answer == -(<i32>errno.AGAIN)) return true;
  return answer == -(<i32>errno.CONNRESET) || answer == -(<i32>errno.TIMEDOUT);
}

function receive(fd: Fd, buffer: usize, length: u32, flags: u16): i32 {
  countCall();
  setVector(one, buffer, length);
  const code = sock_recv(fd, one, 1, flags, out + 4, outFlags);
  return code == errno.SUCCESS ? load<i32>(out, 4) : -(<i32>code);
}

/** Sends one piece of memory. @returns the bytes taken, maybe fewer than `length`, or -errno */
export function send(fd: Fd, buffer: usize, length: u32): i32 {
  setVector(one, buffer, length);
  return sendVector(fd, one, 1);
}

/** Sends `count` pieces in one go; `vectors` is an array of iovec. @returns bytes, or -errno */
export function sendVector(fd: Fd, vectors: usize, count: u32): i32 {
  countCall();
  const code = sock_send(fd, vectors, count, 0, out);
  return code == errno.SUCCESS ? load<i32>(out) : -(<i32>code);
}

/** Tells the peer that nothing more will come; reading goes on. @returns 0, or -errno */
export function shutdownWrite(fd: Fd): i32 {
  countCall();
  return -(<i32>sock_shutdown(fd, sdflags.WR));
}

/** Gives the descriptor back. @returns 0, or -errno */
export function close(fd: Fd): i32 {
  countCall();
  return -(<i32>fd_close(fd));
}
