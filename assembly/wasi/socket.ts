/**
 * Sockets. Each function returns a result of 0 or more, or a negated errno. None blocks, unless the
 * socket is a blocking one.
 */
import { NOSYS } from "./errno";
import { Fd } from "./fd";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/socket";
import * as preview3 from "./preview3/socket";
import * as listening from "./preview3/listen";

export { Fd } from "./fd";

/**
 * Accepts a pending connection, as a non-blocking one unless `blocking`.
 *
 * @returns its descriptor, -AGAIN if none is pending, or another -errno
 */
export function accept(listener: Fd, blocking: bool = false): i32 {
  if (IS_COMPONENT) return preview3.accept(listener, blocking);
  return preview1.accept(listener, blocking);
}

/** Makes a socket blocking or non-blocking. @returns 0, or -errno */
export function setBlocking(fd: Fd, blocking: bool): i32 {
  if (IS_COMPONENT) return preview3.setBlocking(fd, blocking);
  return preview1.setBlocking(fd, blocking);
}

/**
 * Reads up to `length` bytes to `buffer`.
 *
 * @returns the bytes read, 0 at the end, -AGAIN if there are none yet, or another -errno
 */
export function recv(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.recv(fd, buffer, length);
  return preview1.recv(fd, buffer, length);
}

/**
 * Tests the result of a read, without consuming any bytes.
 *
 * @returns 1 if there is a byte, 0 at the end of the stream, -AGAIN if a read would block, -BADF if
 * the descriptor is no connection (a listener, stdin), another -errno if the connection is broken
 */
export function peek(fd: Fd): i32 {
  if (IS_COMPONENT) return preview3.peek(fd);
  return preview1.peek(fd);
}

/**
 * Returns true if a result of {@link peek} at a non-blocking descriptor proves that it is a
 * connection. If the result is an error (CONNRESET), the peek has consumed it: no later call
 * reports it again.
 */
export function isConnectionAnswer(answer: i32): bool {
  if (IS_COMPONENT) return preview3.isConnectionAnswer(answer);
  return preview1.isConnectionAnswer(answer);
}

/**
 * Sends up to `length` bytes.
 *
 * @returns the bytes taken, maybe fewer, -AGAIN if none, or another -errno
 */
export function send(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.send(fd, buffer, length);
  return preview1.send(fd, buffer, length);
}

/**
 * Sends `count` buffers in one call (a gathered send).
 *
 * @param vectors an array of entries as in vector.ts
 * @returns the bytes taken, maybe fewer than there are, -AGAIN if none, or another -errno
 */
export function sendVector(fd: Fd, vectors: usize, count: u32): i32 {
  if (IS_COMPONENT) return preview3.sendVector(fd, vectors, count);
  return preview1.sendVector(fd, vectors, count);
}

/**
 * Shuts down the write side: the peer reads the end of the stream. Reading goes on.
 *
 * @returns 0, or -errno
 */
export function shutdownWrite(fd: Fd): i32 {
  if (IS_COMPONENT) return preview3.shutdownWrite(fd);
  return preview1.shutdownWrite(fd);
}

/** Closes a descriptor. @returns 0, or -errno */
export function close(fd: Fd): i32 {
  if (IS_COMPONENT) return preview3.close(fd);
  return preview1.close(fd);
}

/**
 * Opens a listener.
 *
 * @param address in network byte order
 * @param bytes the length of the address: 4 or 16
 * @returns its descriptor, or -errno; -NOSYS on preview1, where the host passes listeners in
 */
export function listen(address: usize, bytes: i32, port: u16): i32 {
  if (IS_COMPONENT) return listening.listen(address, bytes, port);
  return -NOSYS;
}

/**
 * Stores the peer address of a connection at `at`, in network byte order, and its port (u16) at `at
 * + 16`.
 *
 * @returns the length of the address, 4 or 16 bytes, or -errno; -NOSYS on preview1
 */
export function remoteAddress(fd: Fd, at: usize): i32 {
  if (IS_COMPONENT) return preview3.remoteAddress(fd, at);
  return -NOSYS;
}

/**
 * Stores the local address of a listener at `at`, and its port, as {@link remoteAddress} does. If
 * the system picked the port, it is that one.
 *
 * @returns the length of the address, 4 or 16 bytes, or -errno; -NOSYS on preview1
 */
export function localAddress(fd: Fd, at: usize): i32 {
  if (IS_COMPONENT) return listening.localAddress(fd, at);
  return -NOSYS;
}
