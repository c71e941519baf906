/**
 * How many bytes the kernel may hold for a peer that does not read. Of a connection that is
 * closed, a young host keeps what did not fit until it does (remains.ts); a larger buffer makes it
 * fit. So a buffer must not be as large as it can be while the connection is open.
 *
 * Linux lets the buffer of a busy connection grow to 4 MiB (tcp_wmem), and be set to what wmem_max
 * says: 4 MiB of late, 208 KiB for long. Where that is less, connections begin with half of it, and
 * stay with that: a buffer that was set does not grow by itself.
 */
import { countCall } from "../calls";
import * as abi from "./abi";
import { IPV4 } from "./address";

/** More than any kernel allows, each of which cuts it to that. */
const ANY_BYTES: u64 = 1_073_741_824;
/** What a buffer grows to by itself. */
const GROWN_BYTES: u64 = 4_194_304;

/** What a buffer can be set to; 0: not asked for yet. */
let most: u64 = 0;

/** Sees to it that the buffers of a listener's connections can be made larger. */
export function leaveRoom(listener: abi.Handle): void {
  if (most == 0) most = largest();
  if (most >= GROWN_BYTES) return;
  countCall();
  abi.setSendBuffer(listener, most / 2, abi.RESULT);
}

/** Makes the buffer of a connection as large as it can be. */
export function enlarge(socket: abi.Handle): void {
  countCall();
  abi.setSendBuffer(socket, ANY_BYTES, abi.RESULT);
}

/** Tries it with a socket of no other use. @returns so much that nothing follows, if that fails */
function largest(): u64 {
  countCall();
  abi.createTcpSocket(IPV4, abi.RESULT);
  if (!abi.succeeded()) return GROWN_BYTES;
  const socket = load<abi.Handle>(abi.RESULT, abi.VALUE_AT);
  enlarge(socket);
  countCall();
  abi.sendBuffer(socket, abi.RESULT);
  const bytes = abi.succeeded() ? load<u64>(abi.RESULT, abi.LONG_VALUE_AT) : GROWN_BYTES;
  countCall();
  abi.dropSocket(socket);
  return bytes;
}
