/**
 * The imports of stdin, timers (WASI 0.3), clocks, arguments, exit and output (0.2), as the
 * canonical ABI flattens them. Those of sets and streams are in canonical.ts, of sockets in tcp.ts,
 * of files in filesystem.ts. A handle is an i32. A result of more than one number is stored at
 * `RESULT`: a tag (0: success), then the value or the error.
 *
 * This file knows the shape of memory and nothing else. Only the files of this folder import it.
 * The build refuses a signature that differs from world.wit's; nothing checks where things lie at
 * RESULT.
 */

/** What the host knows by a number: a resource, a stream, a future, a subtask, a set. */
export type Handle = i32;
export const NO_HANDLE: Handle = -1;

/** Where the host puts what it answers. The longest is an address, of 36 bytes. */
export const RESULT: usize = memory.data(64, 8);
/** After the tag of a result with one: the value, if nothing in it is longer than 4 bytes. */
export const VALUE_AT: usize = 4;
/** The value, if it is of 8 bytes. */
export const LONG_VALUE_AT: usize = 8;
/** Where a call that gives a stream and the future of its ending puts them. */
export const STREAM_AT: usize = 0;
export const FUTURE_AT: usize = 4;

/** Whether the last call went well. */
// @ts-ignore: decorator
@inline
export function succeeded(): bool {
  return load<u8>(RESULT) == 0;
}

// The caller's buffer for the next list that the host returns.
let listBuffer: usize = 0;
let listBufferBytes: usize = 0;

/**
 * Sets the buffer for the list that the next call returns, so that a read allocates nothing.
 * `cabi_realloc` uses it for the first list that fits; any other list goes on the heap, and the
 * caller frees it. A call that returns no list does not use the buffer up: the caller clears it
 * with {@link clearListBuffer} after each call.
 */
// @ts-ignore: decorator
@inline
export function setListBuffer(at: usize, bytes: usize): void {
  listBuffer = at;
  listBufferBytes = bytes;
}

/** Sends all lists to the heap again. */
// @ts-ignore: decorator
@inline
export function clearListBuffer(): void {
  listBufferBytes = 0;
}

/** The host's way to memory of this module; the name is the canonical ABI's. */
export function cabi_realloc(old: usize, _oldBytes: usize, _align: usize, bytes: usize): usize {
  if (old != 0) return heap.realloc(old, bytes);
  if (bytes > listBufferBytes) return heap.alloc(bytes);
  listBufferBytes = 0;
  return listBuffer;
}


@external("wasi:clocks/monotonic-clock@0.3.0", "[async-lower]wait-for")
export declare function waitFor(nanoseconds: u64): u32;


@external("wasi:cli/stdin@0.3.0", "read-via-stream")
export declare function openStdin(result: usize): void;


@external("wasi:cli/stdin@0.3.0", "[async-lower][stream-read-0]read-via-stream")
export declare function readStdin(stream: Handle, at: usize, bytes: u32): u32;


@external("wasi:cli/stdin@0.3.0", "[stream-cancel-read-0]read-via-stream")
export declare function cancelStdin(stream: Handle): u32;


@external("wasi:cli/stdin@0.3.0", "[stream-drop-readable-0]read-via-stream")
export declare function dropStdin(stream: Handle): void;


@external("wasi:cli/stdin@0.3.0", "[future-drop-readable-1]read-via-stream")
export declare function dropStdinResult(future: Handle): void;


@external("wasi:io/error@0.2.0", "[resource-drop]error")
export declare function dropError(error: Handle): void;


@external("wasi:io/streams@0.2.0", "[resource-drop]output-stream")
export declare function dropOutput(stream: Handle): void;


@external("wasi:io/streams@0.2.0", "[method]output-stream.check-write")
export declare function checkWrite(stream: Handle, result: usize): void;


@external("wasi:io/streams@0.2.0", "[method]output-stream.write")
export declare function streamWrite(stream: Handle, at: usize, bytes: usize, result: usize): void;


@external("wasi:io/streams@0.2.0", "[method]output-stream.flush")
export declare function streamFlush(stream: Handle, result: usize): void;


@external("wasi:io/streams@0.2.0", "[method]output-stream.blocking-write-and-flush")
export declare function writeAndFlush(stream: Handle, at: usize, bytes: usize, to: usize): void;


@external("wasi:clocks/monotonic-clock@0.2.0", "now")
export declare function monotonicNow(): u64;


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
