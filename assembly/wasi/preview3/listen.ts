/** Opening listeners, which a component does by itself. */
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
 * The kernel keeps so many connections for a component until it accepts them.
 * @limit connections
 */
const BACKLOG: u64 = 4096;

/**
 * Opens a listener.
 *
 * @param address in the order of the network, `bytes` of it: 4 or 16
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

/** @returns 0, and the stream of its connections is at RESULT; or -errno */
function open(socket: abi.Handle, address: usize, bytes: i32, port: u16): i32 {
  bind(socket, address, bytes, port);
  if (!abi.succeeded()) return failure();
  // Errors are ignored: a host may support neither option. Accepted sockets inherit keepalive.
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

/** Stores the address that a listener has. @returns its bytes; the port is behind 16; -errno */
export function localAddress(fd: Fd, at: usize): i32 {
  const found = findOf(fd, Kind.LISTENER);
  if (found === null) return -BADF;
  countCall();
  tcp.localAddress(changetype<Listener>(found).socket, abi.RESULT);
  return storeAddress(at);
}
