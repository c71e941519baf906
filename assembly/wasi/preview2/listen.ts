/** Opening listeners, which a program of WASI 0.2 does by itself. */
import { countCall } from "../calls";
import { AGAIN, BADF } from "../errno";
import { Fd, STDERR } from "../fd";
import * as abi from "./abi";
import { IPV4, IPV4_BYTES, IPV6, startBind, storeAddress } from "./address";
import { hostIsYoung } from "./budget";
import { errnoOf, finished } from "./error_code";
import { release } from "./remains";
import { leaveRoom } from "./send_buffer";
import { openStandard } from "./stdio";
import { roomNow } from "./stream";
import { Descriptor, enter, findOf, Kind } from "./table";
import { waitFor } from "./wait";

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
  abi.createTcpSocket(bytes == IPV4_BYTES ? IPV4 : IPV6, abi.RESULT);
  if (!abi.succeeded()) return -errnoOf(load<u8>(abi.RESULT, abi.VALUE_AT));
  const socket = load<abi.Handle>(abi.RESULT, abi.VALUE_AT);
  const listener = new Descriptor(Kind.LISTENER, socket, abi.NO_HANDLE, abi.NO_HANDLE);
  const error = bindAndListen(listener, address, bytes, port);
  if (error == 0) return enter(listener);
  release(listener);
  return error;
}

function bindAndListen(listener: Descriptor, address: usize, bytes: i32, port: u16): i32 {
  const socket = listener.socket;
  countCall();
  startBind(socket, address, bytes, port);
  let error = finished();
  if (error != 0) return error;
  do {
    countCall();
    abi.finishBind(socket, abi.RESULT);
    error = finished();
  } while (error == -AGAIN && waitFor(listener, false));
  if (error != 0) return error;
  // What is set here, each connection inherits; a host that cannot do it serves all the same.
  countCall();
  abi.setBacklog(socket, BACKLOG, abi.RESULT);
  countCall();
  abi.setKeepAlive(socket, 1, abi.RESULT);
  // What stderr permits tells the kind of host.
  const stderr = openStandard(STDERR);
  if (stderr !== null) roomNow(stderr);
  if (hostIsYoung()) leaveRoom(socket);
  countCall();
  abi.startListen(socket, abi.RESULT);
  error = finished();
  if (error != 0) return error;
  do {
    countCall();
    abi.finishListen(socket, abi.RESULT);
    error = finished();
  } while (error == -AGAIN && waitFor(listener, false));
  return error;
}

/** Stores the address that a listener has. @returns its bytes; the port is behind 16; -errno */
export function localAddress(fd: Fd, at: usize): i32 {
  const found = findOf(fd, Kind.LISTENER);
  if (found === null) return -BADF;
  countCall();
  abi.localAddress(found.socket, abi.RESULT);
  return storeAddress(at);
}
