/**
 * The imports of `wasi:sockets/types@0.3.0`, as the canonical ABI flattens them. A connected socket
 * has a stream to read and a stream to write. A listener is a stream of sockets. The number in an
 * import's name selects a stream or future in the signature of the function.
 */
import { Handle } from "./abi";

/** The shift of the writable end in the result of `newSendStream`. */
export const WRITABLE_SHIFT: u64 = 32;
/** The offset of the error code after the tag, in the result of a future. */
export const CODE_AT: usize = 4;


@external("wasi:sockets/types@0.3.0", "[static]tcp-socket.create")
export declare function create(family: i32, result: usize): void;

/**
 * Binds a socket. The address is a flattened variant: for IPv4 the port and four bytes; for IPv6
 * the port, flow info, eight words and the scope.
 */
@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.bind")
export declare function bind(
  socket: Handle,
  family: i32,
  port: i32,
  b: i32,
  c: i32,
  d: i32,
  e: i32,
  f: i32,
  g: i32,
  h: i32,
  i: i32,
  j: i32,
  k: i32,
  result: usize,
): void;


@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.set-listen-backlog-size")
export declare function setBacklog(socket: Handle, size: u64, result: usize): void;


@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.set-keep-alive-enabled")
export declare function setKeepAlive(socket: Handle, enabled: i32, result: usize): void;


@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.listen")
export declare function listen(socket: Handle, result: usize): void;


@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.get-local-address")
export declare function localAddress(socket: Handle, result: usize): void;


@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.get-remote-address")
export declare function remoteAddress(socket: Handle, result: usize): void;


@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.receive")
export declare function receive(socket: Handle, result: usize): void;

/** Connects a stream to the socket for sending. @returns the future of the result of sending */
@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.send")
export declare function send(socket: Handle, readableEnd: Handle): Handle;


@external("wasi:sockets/types@0.3.0", "[resource-drop]tcp-socket")
export declare function dropSocket(socket: Handle): void;

/** Reads up to `count` handles of accepted sockets. */
@external("wasi:sockets/types@0.3.0", "[async-lower][stream-read-0][method]tcp-socket.listen")
export declare function readAccepted(stream: Handle, at: usize, count: u32): u32;


@external("wasi:sockets/types@0.3.0", "[stream-cancel-read-0][method]tcp-socket.listen")
export declare function cancelAccept(stream: Handle): u32;


@external("wasi:sockets/types@0.3.0", "[stream-drop-readable-0][method]tcp-socket.listen")
export declare function dropListenStream(stream: Handle): void;


@external("wasi:sockets/types@0.3.0", "[async-lower][stream-read-0][method]tcp-socket.receive")
export declare function read(stream: Handle, at: usize, bytes: u32): u32;


@external("wasi:sockets/types@0.3.0", "[stream-cancel-read-0][method]tcp-socket.receive")
export declare function cancelRead(stream: Handle): u32;


@external("wasi:sockets/types@0.3.0", "[stream-drop-readable-0][method]tcp-socket.receive")
export declare function dropReceiveStream(stream: Handle): void;


@external("wasi:sockets/types@0.3.0", "[async-lower][future-read-1][method]tcp-socket.receive")
export declare function readResult(future: Handle, result: usize): u32;


@external("wasi:sockets/types@0.3.0", "[future-cancel-read-1][method]tcp-socket.receive")
export declare function cancelResult(future: Handle): u32;


@external("wasi:sockets/types@0.3.0", "[future-drop-readable-1][method]tcp-socket.receive")
export declare function dropResult(future: Handle): void;


@external("wasi:sockets/types@0.3.0", "[stream-new-0][method]tcp-socket.send")
export declare function newSendStream(): u64;


@external("wasi:sockets/types@0.3.0", "[async-lower][stream-write-0][method]tcp-socket.send")
export declare function write(stream: Handle, at: usize, bytes: u32): u32;


@external("wasi:sockets/types@0.3.0", "[stream-cancel-write-0][method]tcp-socket.send")
export declare function cancelWrite(stream: Handle): u32;


@external("wasi:sockets/types@0.3.0", "[stream-drop-writable-0][method]tcp-socket.send")
export declare function dropSendStream(stream: Handle): void;


@external("wasi:sockets/types@0.3.0", "[future-drop-readable-1][method]tcp-socket.send")
export declare function dropSendResult(future: Handle): void;
