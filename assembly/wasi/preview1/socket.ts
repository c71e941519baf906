/**
 * Sockets, on preview1. Each function returns a result of 0 or more, or a negated errno. None
 * blocks, unless the socket is a blocking one.
 *
 * The host numbers descriptors upwards and never reuses a number.
 *
 * Sources: the standard, and wasi-common 36 where the standard leaves a choice.
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

/**
 * Accepts a pending connection, as a non-blocking one unless `blocking`.
 *
 * @returns its descriptor, -AGAIN if none is pending, or another -errno
 */
export function accept(listener: Fd, blocking: bool): i32 {
  countCall();
  const code = sock_accept(listener, blocking ? 0 : fdflags.NONBLOCK, out);
  return code == errno.SUCCESS ? load<i32>(out) : -(<i32>code);
}

/** Makes a socket blocking or non-blocking. @returns 0, or -errno */
export function setBlocking(fd: Fd, blocking: bool): i32 {
  countCall();
  return -(<i32>fd_fdstat_set_flags(fd, blocking ? 0 : fdflags.NONBLOCK));
}

/** Reads up to `length` bytes to `buffer`. @returns the bytes read, 0 at the end, or -errno */
export function recv(fd: Fd, buffer: usize, length: u32): i32 {
  return receive(fd, buffer, length, 0);
}

/**
 * Tests the result of a read, without consuming any bytes.
 *
 * @returns 1 if there is a byte, 0 at the end of the stream, -AGAIN if a read would block, -BADF if
 * the descriptor is no connection (a listener, stdin), another -errno if the connection is broken
 */
export function peek(fd: Fd): i32 {
  return receive(fd, out, 1, riflags.PEEK);
}

/**
 * Returns true if a result of {@link peek} proves that the descriptor is a connection. Hosts refuse
 * other descriptors with different errors: BADF (wasmtime), NOTSOCK, NOTCONN, INVAL, NOTSUP.
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

/** Sends up to `length` bytes. @returns the bytes taken, maybe fewer, or -errno */
export function send(fd: Fd, buffer: usize, length: u32): i32 {
  setVector(one, buffer, length);
  return sendVector(fd, one, 1);
}

/**
 * Sends `count` buffers in one call.
 *
 * @param vectors an array of iovec
 * @returns the bytes taken, maybe fewer than there are, or -errno
 */
export function sendVector(fd: Fd, vectors: usize, count: u32): i32 {
  countCall();
  const code = sock_send(fd, vectors, count, 0, out);
  return code == errno.SUCCESS ? load<i32>(out) : -(<i32>code);
}

/**
 * Shuts down the write side: the peer reads the end of the stream. Reading goes on.
 *
 * @returns 0, or -errno
 */
export function shutdownWrite(fd: Fd): i32 {
  countCall();
  return -(<i32>sock_shutdown(fd, sdflags.WR));
}

/** Closes a descriptor. @returns 0, or -errno */
export function close(fd: Fd): i32 {
  countCall();
  return -(<i32>fd_close(fd));
}
