/**
 * The verbs of a socket. Each answers with a result of zero or more, or with a negated errno; none
 * of them waits, unless the socket was accepted as a blocking one.
 */
import { NOSYS } from "./errno";
import { Fd } from "./fd";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/socket";
import * as preview3 from "./preview3/socket";
import * as listening from "./preview3/listen";

export { Fd } from "./fd";

/** Takes a waiting connection, non-blocking unless `blocking`. @returns its fd, or -errno */
export function accept(listener: Fd, blocking: bool = false): i32 {
  if (IS_COMPONENT) return preview3.accept(listener, blocking);
  return preview1.accept(listener, blocking);
}

/** Makes calls on a socket wait (`true`) or answer at once. @returns 0, or -errno */
export function setBlocking(fd: Fd, blocking: bool): i32 {
  if (IS_COMPONENT) return preview3.setBlocking(fd, blocking);
  return preview1.setBlocking(fd, blocking);
}

/** Reads up to `length` bytes to `buffer`. @returns the bytes read, 0 at the end, or -errno */
export function recv(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.recv(fd, buffer, length);
  return preview1.recv(fd, buffer, length);
}

/**
 * Asks what a read would find, and takes nothing.
 *
 * @returns 1 if there is a byte, 0 at the end of the stream, -AGAIN if a read would wait, -BADF if
 * the fd is no connection (a listener and stdin answer so), another -errno if the connection broke
 */
export function peek(fd: Fd): i32 {
  if (IS_COMPONENT) return preview3.peek(fd);
  return preview1.peek(fd);
}

/**
 * Whether an answer of {@link peek} at a non-blocking descriptor shows that it is a connection. An
 * error in it (CONNRESET) has been taken off the socket: no later call tells of it again.
 */
export function isConnectionAnswer(answer: i32): bool {
  if (IS_COMPONENT) return preview3.isConnectionAnswer(answer);
  return preview1.isConnectionAnswer(answer);
}

/** Sends one piece of memory. @returns the bytes taken, maybe fewer than `length`, or -errno */
export function send(fd: Fd, buffer: usize, length: u32): i32 {
  if (IS_COMPONENT) return preview3.send(fd, buffer, length);
  return preview1.send(fd, buffer, length);
}

/** Sends `count` pieces in one go, an array as in vector.ts. @returns bytes, or -errno */
export function sendVector(fd: Fd, vectors: usize, count: u32): i32 {
  if (IS_COMPONENT) return preview3.sendVector(fd, vectors, count);
  return preview1.sendVector(fd, vectors, count);
}

/** Tells the peer that nothing more will come; reading goes on. @returns 0, or -errno */
export function shutdownWrite(fd: Fd): i32 {
  if (IS_COMPONENT) return preview3.shutdownWrite(fd);
  return preview1.shutdownWrite(fd);
}

/** Gives the descriptor back. @returns 0, or -errno */
export function close(fd: Fd): i32 {
  if (IS_COMPONENT) return preview3.close(fd);
  return preview1.close(fd);
}

/**
 * Opens a listener.
 *
 * @param address in the order of the network, `bytes` of it: 4 or 16
 * @returns its descriptor, or -errno; -NOSYS where listeners are handed in
 */
export function listen(address: usize, bytes: i32, port: u16): i32 {
  if (IS_COMPONENT) return listening.listen(address, bytes, port);
  return -NOSYS;
}

/**
 * Stores where the peer of a connection is: its address in the order of the network, and at 16 its
 * port. @returns the bytes of the address, 4 or 16, or -errno; -NOSYS where the host does not tell
 */
export function remoteAddress(fd: Fd, at: usize): i32 {
  if (IS_COMPONENT) return preview3.remoteAddress(fd, at);
  return -NOSYS;
}

/** The same of where a listener is: which port the system has picked. */
export function localAddress(fd: Fd, at: usize): i32 {
  if (IS_COMPONENT) return listening.localAddress(fd, at);
  return -NOSYS;
}
