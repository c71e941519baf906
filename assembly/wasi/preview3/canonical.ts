/**
 * The parts of the component model for a program that waits: waitable sets, and the results of
 * stream reads and writes. A waitable is a handle of a stream, a future or a subtask.
 *
 * Each of these mistakes makes the host end the program: a read or write while another one is in
 * flight on the stream, a drop while one is in flight, a cancel while none is, a cancel of a
 * waitable that is still in a set (from wasmtime 48 on), and a read or write after `dropped`.
 */
import { Handle } from "./abi";

/** The type of a waitable's event. */
export enum Event {
  NONE = 0,
  SUBTASK = 1,
  STREAM_READ = 2,
  STREAM_WRITE = 3,
  FUTURE_READ = 4,
}

/** The result of a read or write that is in flight. The host owns the memory until its event. */
export const BLOCKED: u32 = 0xffff_ffff;
/** The state of a subtask that has returned. */
export const RETURNED: u32 = 2;

const DROPPED: u32 = 1;
const STATE_MASK: u32 = 15;
const COUNT_SHIFT: u32 = 4;

/** The buffer for an event: its handle, then its payload. */
export const EVENT: usize = memory.data(8, 4);
/** The offset of the payload in that buffer. */
export const PAYLOAD_AT: usize = 4;

/** Returns the number of items that a stream's result, other than BLOCKED, has transferred. */
// @ts-ignore: decorator
@inline
export function countOf(answer: u32): u32 {
  return answer >> COUNT_SHIFT;
}

/** Returns true if the other end of the stream was dropped. The stream must not be used again. */
// @ts-ignore: decorator
@inline
export function isDropped(answer: u32): bool {
  return (answer & STATE_MASK) == DROPPED;
}

/** Returns the state of a subtask, from the result of the call that started it. */
// @ts-ignore: decorator
@inline
export function stateOf(answer: u32): u32 {
  return answer & STATE_MASK;
}

/** Returns the handle of a subtask. There is none if it has returned already. */
// @ts-ignore: decorator
@inline
export function subtaskOf(answer: u32): Handle {
  return <Handle>(answer >> COUNT_SHIFT);
}


@external("$root", "[waitable-set-new]")
export declare function newSet(): Handle;

/** Waits for an event of a member of the set. With an empty set it never returns. */
@external("$root", "[waitable-set-wait]")
export declare function waitForSet(set: Handle, event: usize): Event;

/** Returns a pending event of the set, or NONE. Does not wait. */
@external("$root", "[waitable-set-poll]")
export declare function pollSet(set: Handle, event: usize): Event;

/** Adds a waitable to a set, or removes it from its set (set 0). */
@external("$root", "[waitable-join]")
export declare function join(waitable: Handle, set: Handle): void;


@external("$root", "[subtask-cancel]")
export declare function cancelSubtask(subtask: Handle): u32;


@external("$root", "[subtask-drop]")
export declare function dropSubtask(subtask: Handle): void;

/** Lets the host run once. */
@external("$root", "[thread-yield]")
export declare function yieldThread(): i32;
