/** Addresses of sockets as text: `127.0.0.1:9999`, `[::1]:9999`. */
import { ENDPOINT_BYTES, endpointText } from "../text/endpoint";
import * as socket from "../wasi/socket";
import { Fd } from "../wasi/socket";

const place = memory.data(32);
assert(ENDPOINT_BYTES <= 32);

/**
 * Where a listener listens.
 *
 * @returns `HOST:PORT`; empty in a module, whose host does not tell, and for what is no listener
 */
export function localAddress(listener: Fd): string {
  return textOf(socket.localAddress(listener, place));
}

/**
 * Where the peer of a connection is.
 *
 * @returns `HOST:PORT`; empty in a module, whose host does not tell, and for what is no connection
 */
export function remoteAddress(connection: Fd): string {
  return textOf(socket.remoteAddress(connection, place));
}

/** @param bytes of the address at `place`, or -errno */
function textOf(bytes: i32): string {
  return bytes > 0 ? endpointText(place, bytes) : "";
}
