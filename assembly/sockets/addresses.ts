/** The addresses of sockets as text: `127.0.0.1:9999`, `[::1]:9999`. */
import { ENDPOINT_BYTES, endpointText } from "../text/endpoint";
import * as socket from "../wasi/socket";
import { Fd } from "../wasi/socket";

const place = memory.data(32);
assert(ENDPOINT_BYTES <= 32);

/**
 * Returns the local address of a listener.
 *
 * @returns `HOST:PORT`; empty in a module, whose host does not report it, and if `listener` is none
 */
export function localAddress(listener: Fd): string {
  return textOf(socket.localAddress(listener, place));
}

/**
 * Returns the peer address of a connection.
 *
 * @returns `HOST:PORT`; empty in a module, whose host does not report it, and if `connection` is
 * none
 */
export function remoteAddress(connection: Fd): string {
  return textOf(socket.remoteAddress(connection, place));
}

/**
 * Formats the address at `place`.
 *
 * @param bytes its length, or -errno
 * @returns `HOST:PORT`, or empty after an error
 */
function textOf(bytes: i32): string {
  return bytes > 0 ? endpointText(place, bytes) : "";
}
