/** Opening listeners, which a program of WASI 0.2 does by itself. */
import { countCall } from "../calls";
import { BADF } from "../errno";
import { Fd } from "../fd";
import * as abi from "./abi";
import { IPV4, IPV4_BYTES, IPV6, startBind, storeAddress } from "./address";
import { errnoOf } from "./error_code";
import { Descriptor, enter, findOf, Kind } from "./table";

/** Connections that the kernel keeps until they are accepted. */
const BACKLOG: u64 = 4096;

/**
 * Opens a listener.
 *
 * @param address in the order of the network, `bytes` of it: 4 or 16
 * @returns its descriptor, or -errno: ACCES without permission, ADDRINUSE, ...
 */
export function listen(address: usize, bytes: i32, port: u16): i32 {
  countCall();
  abi.tcpCreate(bytes == IPV4_BYTES ? IPV4 : IPV6, abi.RESULT);
  if (!abi.succeeded()) return -errnoOf(load<u8>(abi.RESULT, abi.VALUE_AT));
  const socket = load<abi.Handle>(abi.RESULT, abi.VALUE_AT);
  startBind(socket, address, bytes, port);
  if (!abi.succeeded()) return -errnoOf(load<u8>(abi.RESULT, abi.VALUE_AT));
  abi.tcpBacklog(socket, BACKLOG, abi.RESULT);
  abi.tcpKeepAlive(socket, 1, abi.RESULT);
  abi.tcpListen(socket, abi.RESULT);
  if (!abi.succeeded()) return -errnoOf(load<u8>(abi.RESULT, abi.VALUE_AT));
  return enter(new Descriptor(Kind.LISTENER, socket, load<i32>(abi.RESULT, 4), abi.NO_HANDLE));
}

/** Stores the address that a listener has. @returns its bytes; the port is behind 16; -errno */
export function localAddress(fd: Fd, at: usize): i32 {
  const found = findOf(fd, Kind.LISTENER);
  if (found === null) return -BADF;
  countCall();
  abi.tcpLocal(found.socket, abi.RESULT);
  return storeAddress(at);
}
