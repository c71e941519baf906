/**
 * What the component model itself gives a program that waits: sets of waitables, and how a read or
 * write of a stream answers. A waitable is a handle of a stream, a future or a subtask.
 *
 * Each of these mistakes ends the program: a second read or write where one is under way, a drop or
 * a read where one is, a cancel where none is, a cancel of what is still in a set (from wasmtime
 * 48 on), and a read or write after `dropped`.
 */
import { Handle } from "./abi";

/** What has happened to a waitable. */
export enum Event {
  NONE = 0,
  SUBTASK = 1,
  STREAM_READ = 2,
  STREAM_WRITE = 3,
  FUTURE_READ = 4,
}

/** A read or write that is under way: the memory is the host's until its event. */
export const BLOCKED: u32 = 0xffff_ffff;
/** The state of a subtask that is over. */
export const RETURNED: u32 = 2;

const DROPPED: u32 = 1;
const STATE_MASK: u32 = 15;
const COUNT_SHIFT: u32 = 4;

/** Where an event's handle and payload are put. */
export const EVENT: usize = memory.data(8, 4);
export const PAYLOAD_AT: usize = 4;

/** How much a stream's answer, other than BLOCKED, has brought. */
// @ts-ignore: decorator
@inline
export function countOf(answer: u32): u32 {
  return answer >> COUNT_SHIFT;
}

/** Whether it says that the other end is gone: the stream must not be used again. */
// @ts-ignore: decorator
@inline
export function isDropped(answer: u32): bool {
  return (answer & STATE_MASK) == DROPPED;
}

/** The state of a subtask, as a call that starts one answers. */
// @ts-ignore: decorator
@inline
export function stateOf(answer: u32): u32 {
  return answer & STATE_MASK;
}

/** The handle of the subtask; there is none if it has returned. */
// @ts-ignore: decorator
@inline
export function subtaskOf(answer: u32): Handle {
  return <Handle>(answer >> COUNT_SHIFT);
}


@external("$root", "[waitable-set-new]")
export declare function newSet(): Handle;

/** Waits for an event of a member. A wait for an empty set never ends. */
@external("$root", "[waitable-set-wait]")
export declare function waitForSet(set: Handle, event: usize): Event;

/** Takes an event that is there. @returns NONE if there is none */
@external("$root", "[waitable-set-poll]")
export declare function pollSet(set: Handle, event: usize): Event;

/** Puts a waitable into a set, or takes it out (set 0). */
@external("$root", "[waitable-join]")
export declare function join(waitable: Handle, set: Handle): void;


@external("$root", "[subtask-cancel]")
export declare function cancelSubtask(subtask: Handle): u32;


@external("$root", "[subtask-drop]")
export declare function dropSubtask(subtask: Handle): void;

/** Lets the host work for a moment. */
@external("$root", "[thread-yield]")
export declare function yieldThread(): i32;
