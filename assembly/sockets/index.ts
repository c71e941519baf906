/**
 * The public API for TCP sockets of programs that wait with a selector:
 *
 *     const connection = accept(listener);
 *     if (connection >= 0) selector.register(connection, EVENT_READ, new Client(connection));
 *
 * A call returns a result of zero or more, or a negated errno: `-AGAIN` means that it would block.
 * No call blocks, unless the socket was made a blocking one. `errnoName` returns the name of an
 * errno. docs/reference/selectors.md has an example.
 */
import { INVAL } from "../wasi/errno";
import * as socket from "../wasi/socket";
import { Fd } from "../wasi/socket";

export { localAddress, remoteAddress } from "./addresses";
export { listen, listeners, requireListeners } from "./listeners";
export { AGAIN, BADF, CONNRESET, errno, errnoName, INVAL, MFILE, NOSYS } from "../wasi/errno";
export { accept, close, Fd, setBlocking, shutdownWrite } from "../wasi/socket";

/**
 * Reads the available bytes, up to the length of the buffer.
 *
 * @returns the bytes read; 0 at the end of the stream; or -errno: -AGAIN if there are none yet,
 * -CONNRESET, -BADF, -INVAL if the buffer is empty
 */
export function recv(connection: Fd, buffer: Uint8Array): i32 {
  if (buffer.length == 0) return -INVAL;
  return socket.recv(connection, buffer.dataStart, buffer.length);
}

/**
 * Sends as many bytes as the socket takes.
 *
 * @returns the bytes taken, maybe fewer than there are; or -errno: -AGAIN if none, -PIPE or
 * -CONNRESET if the peer is gone, -BADF
 */
export function send(connection: Fd, bytes: Uint8Array): i32 {
  if (bytes.length == 0) return 0;
  return socket.send(connection, bytes.dataStart, bytes.length);
}
