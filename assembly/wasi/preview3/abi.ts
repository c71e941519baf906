/**
 * The imports of stdin and timers (WASI 0.3), and of clocks, arguments, exit and output (0.2), as
 * the canonical ABI flattens them. canonical.ts has the imports of waitable sets and streams,
 * tcp.ts those of sockets, filesystem.ts those of files. A handle is an i32. A result of more than
 * one number is stored at `RESULT`: a tag (0: success), then the value or the error.
 *
 * Only the files of this folder import this one. The build refuses a signature that differs from
 * world.wit. Nothing checks the offsets in RESULT.
 */

/** A number by which the host knows a resource, a stream, a future, a subtask or a waitable set. */
export type Handle = i32;
export const NO_HANDLE: Handle = -1;

/** The buffer for results of the host. The longest is an address, of 36 bytes. */
export const RESULT: usize = memory.data(64, 8);
/** The offset of the value after the tag, if no number in the value is longer than 4 bytes. */
export const VALUE_AT: usize = 4;
/** The offset of the value after the tag, if the value has numbers of 8 bytes. */
export const LONG_VALUE_AT: usize = 8;
/** The offset of the stream in a result that is a stream and a future. */
export const STREAM_AT: usize = 0;
/** The offset of the future in such a result. The future reports the end of the stream. */
export const FUTURE_AT: usize = 4;

/** Returns true if the last call succeeded, by the tag in RESULT. */
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
 * `cabi_realloc` returns this buffer for the first list that fits. Any other list is allocated on
 * the heap, and the caller frees it. A call that returns no list leaves the buffer set, so the
 * caller must call {@link clearListBuffer} after each call.
 */
// @ts-ignore: decorator
@inline
export function setListBuffer(at: usize, bytes: usize): void {
  listBuffer = at;
  listBufferBytes = bytes;
}

/** Unsets the buffer: all lists are allocated on the heap again. */
// @ts-ignore: decorator
@inline
export function clearListBuffer(): void {
  listBufferBytes = 0;
}

/** Allocates memory for results of the host. The canonical ABI prescribes the name. */
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


@external("wasi:random/random@0.2.0", "get-random-u64")
export declare function randomBits(): u64;


@external("wasi:cli/environment@0.2.0", "get-arguments")
export declare function getArguments(result: usize): void;


@external("wasi:cli/exit@0.2.0", "exit")
export declare function exitWith(failed: i32): void;


@external("wasi:cli/stdout@0.2.0", "get-stdout")
export declare function getStdout(): Handle;


@external("wasi:cli/stderr@0.2.0", "get-stderr")
export declare function getStderr(): Handle;
