/** Opens listeners. A component does that itself; a module gets its listeners from the host. */
import { countCall } from "../calls";
import { BADF } from "../errno";
import { Fd } from "../fd";
import * as abi from "./abi";
import { bind, IPV4, IPV4_BYTES, IPV6, storeAddress } from "./address";
import { errnoOf } from "./error_code";
import { Listener } from "./listener";
import { enter, findOf, Kind } from "./table";
import * as tcp from "./tcp";

/**
 * The kernel holds at most this many connections that a component has not accepted yet. @limit
 * connections
 */
const BACKLOG: u64 = 4096;

/**
 * Opens a listener.
 *
 * @param address in network byte order
 * @param bytes the length of the address: 4 or 16
 * @returns its descriptor, or -errno: ACCES without permission, ADDRINUSE, ...
 */
export function listen(address: usize, bytes: i32, port: u16): i32 {
  countCall();
  tcp.create(bytes == IPV4_BYTES ? IPV4 : IPV6, abi.RESULT);
  if (!abi.succeeded()) return failure();
  const socket = load<abi.Handle>(abi.RESULT, abi.VALUE_AT);
  const error = open(socket, address, bytes, port);
  if (error == 0) {
    const stream = load<abi.Handle>(abi.RESULT, abi.VALUE_AT);
    return enter(new Listener(socket, stream));
  }
  countCall();
  tcp.dropSocket(socket);
  return error;
}

/** Binds and listens. @returns 0, with the stream of accepted sockets at RESULT, or -errno */
function open(socket: abi.Handle, address: usize, bytes: i32, port: u16): i32 {
  bind(socket, address, bytes, port);
  if (!abi.succeeded()) return failure();
  // Errors are ignored, since a host may support neither option. Accepted sockets inherit
  // keepalive.
  countCall();
  tcp.setBacklog(socket, BACKLOG, abi.RESULT);
  countCall();
  tcp.setKeepAlive(socket, 1, abi.RESULT);
  countCall();
  tcp.listen(socket, abi.RESULT);
  return abi.succeeded() ? 0 : failure();
}

function failure(): i32 {
  return -errnoOf(load<u8>(abi.RESULT, abi.VALUE_AT));
}

/**
 * Stores the address of a listener at `at`, and its port at `at + 16`.
 *
 * @returns its length, 4 or 16, or -errno
 */
export function localAddress(fd: Fd, at: usize): i32 {
  const found = findOf(fd, Kind.LISTENER);
  if (found === null) return -BADF;
  countCall();
  tcp.localAddress(changetype<Listener>(found).socket, abi.RESULT);
  return storeAddress(at);
}
