/** Converts socket addresses between network byte order and the host's layout. */
import { countCall } from "../calls";
import * as abi from "./abi";
import { errnoOf } from "./error_code";
import * as tcp from "./tcp";

export const IPV4: i32 = 0;
export const IPV6: i32 = 1;
export const IPV4_BYTES: i32 = 4;
const IPV6_BYTES: i32 = 16;
/** The offset of the port after an address of 4 or 16 bytes, as ../socket.ts stores them. */
const PORT_AT: usize = 16;
/** The offset of the port in the host's layout. */
const HOST_PORT_AT: usize = 8;
/** The offset of an IPv4 address in the host's layout. */
const HOST_IPV4_AT: usize = 10;
/** The offset of an IPv6 address in the host's layout. */
const HOST_IPV6_AT: usize = 16;
const words = memory.data(32);

/** Binds a socket to an address of 4 or 16 bytes in network byte order. The result is at RESULT. */
export function bind(socket: abi.Handle, at: usize, bytes: i32, port: u16): void {
  countCall();
  const to = abi.RESULT;
  if (bytes == IPV4_BYTES) {
    const b = load<u8>(at, 1);
    const c = load<u8>(at, 2);
    const d = load<u8>(at, 3);
    tcp.bind(socket, IPV4, port, load<u8>(at), b, c, d, 0, 0, 0, 0, 0, 0, to);
    return;
  }
  const w = words;
  for (let i = 0; i < 8; i++) store<i32>(w + i * 4, bswap<u16>(load<u16>(at + i * 2)));
  const w0 = load<i32>(w);
  const w1 = load<i32>(w, 4);
  const w2 = load<i32>(w, 8);
  const w3 = load<i32>(w, 12);
  const w4 = load<i32>(w, 16);
  const w5 = load<i32>(w, 20);
  const w6 = load<i32>(w, 24);
  const w7 = load<i32>(w, 28);
  tcp.bind(socket, IPV6, port, 0, w0, w1, w2, w3, w4, w5, w6, w7, 0, to);
}

/** Converts the address at RESULT and stores it at `at`. @returns its length, 4 or 16, or -errno */
export function storeAddress(at: usize): i32 {
  const family = load<u8>(abi.RESULT, abi.VALUE_AT);
  if (!abi.succeeded()) return -errnoOf(family);
  store<u16>(at + PORT_AT, load<u16>(abi.RESULT, HOST_PORT_AT));
  if (family == <u8>IPV4) {
    store<u32>(at, load<u32>(abi.RESULT, HOST_IPV4_AT));
    return IPV4_BYTES;
  }
  for (let i: usize = 0; i < 16; i += 2) {
    store<u16>(at + i, bswap<u16>(load<u16>(abi.RESULT + HOST_IPV6_AT + i)));
  }
  return IPV6_BYTES;
}
