/**
 * The imports of WASI 0.2 as the canonical ABI flattens them, for the functions named in
 * world.wit. A handle is an i32; what is more than one number comes back at `RESULT`: a tag (0: it
 * went well) and then the value or the error.
 *
 * This file knows the shape of memory and nothing else. Only the files of this folder import it.
 * The build refuses a signature that differs from world.wit's; where things lie at RESULT, nobody
 * checks.
 */

/** A resource of the host's: a pollable, a stream, a socket. */
export type Handle = i32;
export const NO_HANDLE: Handle = -1;

/** Where the host puts what it answers. The longest is an address, of 36 bytes. */
export const RESULT: usize = memory.data(64, 8);
/** After the tag of a result without a value: the error's code. */
export const CODE_AT: usize = 1;
/** After the tag of a result with one: the value, if nothing in it is longer than 4 bytes. */
export const VALUE_AT: usize = 4;
/** The value, if it is of 8 bytes. */
export const LONG_VALUE_AT: usize = 8;
/** What a stream's error owns, if its operation has failed. */
export const STREAM_ERROR_AT: usize = 8;

/** Whether the last call went well. */
// @ts-ignore: decorator
@inline
export function succeeded(): bool {
  return load<u8>(RESULT) == 0;
}

// Where a list that the host is about to give is to land.
let landing: usize = 0;
let landingBytes: usize = 0;

/**
 * Says where the list that the next call gives is to be put, so that reading allocates nothing.
 * A longer one is put on the heap; so is what comes with nobody waiting for it, and whoever called
 * gives that back.
 */
// @ts-ignore: decorator
@inline
export function land(at: usize, bytes: usize): void {
  landing = at;
  landingBytes = bytes;
}

/** The host's way to memory of this module; the name is the canonical ABI's. */
export function cabi_realloc(old: usize, _oldBytes: usize, _align: usize, bytes: usize): usize {
  if (old != 0) return heap.realloc(old, bytes);
  if (bytes > landingBytes) return heap.alloc(bytes);
  landingBytes = 0;
  return landing;
}


@external("wasi:io/poll@0.2.0", "poll")
export declare function pollList(handles: usize, count: usize, result: usize): void;


@external("wasi:io/poll@0.2.0", "[resource-drop]pollable")
export declare function dropPollable(pollable: Handle): void;


@external("wasi:io/error@0.2.0", "[resource-drop]error")
export declare function dropError(error: Handle): void;


@external("wasi:io/streams@0.2.0", "[method]input-stream.read")
export declare function streamRead(stream: Handle, most: u64, result: usize): void;


@external("wasi:io/streams@0.2.0", "[method]input-stream.subscribe")
export declare function subscribeInput(stream: Handle): Handle;


@external("wasi:io/streams@0.2.0", "[resource-drop]input-stream")
export declare function dropInput(stream: Handle): void;


@external("wasi:io/streams@0.2.0", "[method]output-stream.check-write")
export declare function checkWrite(stream: Handle, result: usize): void;


@external("wasi:io/streams@0.2.0", "[method]output-stream.write")
export declare function streamWrite(stream: Handle, at: usize, bytes: usize, result: usize): void;


@external("wasi:io/streams@0.2.0", "[method]output-stream.flush")
export declare function streamFlush(stream: Handle, result: usize): void;


@external("wasi:io/streams@0.2.0", "[method]output-stream.blocking-write-and-flush")
export declare function writeAndFlush(stream: Handle, at: usize, bytes: usize, to: usize): void;


@external("wasi:io/streams@0.2.0", "[method]output-stream.subscribe")
export declare function subscribeOutput(stream: Handle): Handle;


@external("wasi:io/streams@0.2.0", "[resource-drop]output-stream")
export declare function dropOutput(stream: Handle): void;


@external("wasi:clocks/monotonic-clock@0.2.0", "now")
export declare function monotonicNow(): u64;


@external("wasi:clocks/monotonic-clock@0.2.0", "subscribe-duration")
export declare function subscribeDuration(nanoseconds: u64): Handle;


@external("wasi:clocks/wall-clock@0.2.0", "now")
export declare function wallNow(result: usize): void;


@external("wasi:cli/environment@0.2.0", "get-arguments")
export declare function getArguments(result: usize): void;


@external("wasi:cli/exit@0.2.0", "exit")
export declare function exitWith(failed: i32): void;


@external("wasi:cli/stdin@0.2.0", "get-stdin")
export declare function getStdin(): Handle;


@external("wasi:cli/stdout@0.2.0", "get-stdout")
export declare function getStdout(): Handle;


@external("wasi:cli/stderr@0.2.0", "get-stderr")
export declare function getStderr(): Handle;


@external("wasi:sockets/instance-network@0.2.0", "instance-network")
export declare function instanceNetwork(): Handle;


@external("wasi:sockets/tcp-create-socket@0.2.0", "create-tcp-socket")
export declare function createTcpSocket(family: i32, result: usize): void;

/** An address is a variant: of IPv4, a port and four bytes; of IPv6, port, flow, words, scope. */
@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.start-bind")
export declare function startBind(
  socket: Handle,
  network: Handle,
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


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.finish-bind")
export declare function finishBind(socket: Handle, result: usize): void;


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.start-listen")
export declare function startListen(socket: Handle, result: usize): void;


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.finish-listen")
export declare function finishListen(socket: Handle, result: usize): void;


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.set-listen-backlog-size")
export declare function setBacklog(socket: Handle, size: u64, result: usize): void;


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.set-keep-alive-enabled")
export declare function setKeepAlive(socket: Handle, enabled: i32, result: usize): void;


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.set-send-buffer-size")
export declare function setSendBuffer(socket: Handle, bytes: u64, result: usize): void;


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.send-buffer-size")
export declare function sendBuffer(socket: Handle, result: usize): void;


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.accept")
export declare function acceptSocket(socket: Handle, result: usize): void;


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.local-address")
export declare function localAddress(socket: Handle, result: usize): void;


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.remote-address")
export declare function remoteAddress(socket: Handle, result: usize): void;


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.subscribe")
export declare function subscribeSocket(socket: Handle): Handle;


@external("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.shutdown")
export declare function shutdownSocket(socket: Handle, how: i32, result: usize): void;


@external("wasi:sockets/tcp@0.2.0", "[resource-drop]tcp-socket")
export declare function dropSocket(socket: Handle): void;
