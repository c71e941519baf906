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




@external("wasi:cli/stdout@0.2.0", "get-stdout")
export declare function getStdout(): Handle;


@external("wasi:cli/stderr@0.2.0", "get-stderr")
export declare function getStderr(): Handle;

// --- WASI 0.3
export const BLOCKED: u32 = 0xffffffff;
export const EVENT: usize = memory.data(8, 8);
@external("$root", "[waitable-set-new]") export declare function setNew(): i32;
@external("$root", "[waitable-set-wait]") export declare function setWait(set: i32, payload: usize): i32;
@external("$root", "[waitable-set-poll]") export declare function setPoll(set: i32, payload: usize): i32;
@external("$root", "[waitable-join]") export declare function join(waitable: i32, set: i32): void;
@external("$root", "[subtask-drop]") export declare function subtaskDrop(h: i32): void;
@external("$root", "[subtask-cancel]") export declare function subtaskCancel(h: i32): i32;
@external("$root", "[thread-yield]") export declare function yieldNow(): i32;
@external("wasi:clocks/monotonic-clock@0.3.0", "[async-lower]wait-for") export declare function waitFor(ns: u64): i32;
@external("wasi:cli/stdin@0.3.0", "read-via-stream") export declare function stdinVia(ret: usize): void;
@external("wasi:cli/stdin@0.3.0", "[async-lower][stream-read-0]read-via-stream") export declare function stdinRead(s: i32, p: usize, n: i32): u32;
@external("wasi:sockets/types@0.3.0", "[static]tcp-socket.create") export declare function tcpCreate(family: i32, ret: usize): void;
@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.bind") export declare function tcpBind(h: i32, tag: i32, port: i32, a: i32, b: i32, c: i32, d: i32, x5: i32, x6: i32, x7: i32, x8: i32, x9: i32, x10: i32, ret: usize): void;
@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.listen") export declare function tcpListen(h: i32, ret: usize): void;
@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.set-listen-backlog-size") export declare function tcpBacklog(h: i32, n: u64, ret: usize): void;
@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.get-remote-address") export declare function tcpRemote(h: i32, ret: usize): void;
@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.send") export declare function tcpSend(h: i32, s: i32): i32;
@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.receive") export declare function tcpReceive(h: i32, ret: usize): void;
@external("wasi:sockets/types@0.3.0", "[resource-drop]tcp-socket") export declare function tcpDrop(h: i32): void;
@external("wasi:sockets/types@0.3.0", "[async-lower][stream-read-0][method]tcp-socket.listen") export declare function acceptRead(s: i32, p: usize, n: i32): u32;
@external("wasi:sockets/types@0.3.0", "[stream-drop-readable-0][method]tcp-socket.listen") export declare function acceptDrop(s: i32): void;
@external("wasi:sockets/types@0.3.0", "[stream-cancel-read-0][method]tcp-socket.listen") export declare function acceptCancel(s: i32): u32;
@external("wasi:sockets/types@0.3.0", "[async-lower][stream-read-0][method]tcp-socket.receive") export declare function recvRead(s: i32, p: usize, n: i32): u32;
@external("wasi:sockets/types@0.3.0", "[stream-cancel-read-0][method]tcp-socket.receive") export declare function recvCancel(s: i32): u32;
@external("wasi:sockets/types@0.3.0", "[stream-drop-readable-0][method]tcp-socket.receive") export declare function recvDrop(s: i32): void;
@external("wasi:sockets/types@0.3.0", "[future-drop-readable-1][method]tcp-socket.receive") export declare function recvFutureDrop(f: i32): void;
@external("wasi:sockets/types@0.3.0", "[stream-new-0][method]tcp-socket.send") export declare function sendNew(): u64;
@external("wasi:sockets/types@0.3.0", "[async-lower][stream-write-0][method]tcp-socket.send") export declare function sendWrite(s: i32, p: usize, n: i32): u32;
@external("wasi:sockets/types@0.3.0", "[stream-cancel-write-0][method]tcp-socket.send") export declare function sendCancel(s: i32): u32;
@external("wasi:sockets/types@0.3.0", "[stream-drop-writable-0][method]tcp-socket.send") export declare function sendDrop(s: i32): void;
@external("wasi:sockets/types@0.3.0", "[future-drop-readable-1][method]tcp-socket.send") export declare function sendFutureDrop(f: i32): void;
@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.get-local-address") export declare function tcpLocal(h: i32, ret: usize): void;
@external("wasi:sockets/types@0.3.0", "[method]tcp-socket.set-keep-alive-enabled") export declare function tcpKeepAlive(h: i32, on: i32, ret: usize): void;
@external("wasi:cli/stdin@0.3.0", "[stream-cancel-read-0]read-via-stream") export declare function stdinCancel(s: i32): u32;
@external("wasi:cli/stdin@0.3.0", "[stream-drop-readable-0]read-via-stream") export declare function stdinDrop(s: i32): void;
@external("wasi:cli/stdin@0.3.0", "[future-drop-readable-1]read-via-stream") export declare function stdinFutureDrop(f: i32): void;
@external("wasi:sockets/types@0.3.0", "[async-lower][future-read-1][method]tcp-socket.receive") export declare function recvFutureRead(f: i32, p: usize): u32;
@external("wasi:sockets/types@0.3.0", "[future-cancel-read-1][method]tcp-socket.receive") export declare function recvFutureCancel(f: i32): u32;
