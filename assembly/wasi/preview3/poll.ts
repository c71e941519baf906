/**
 * `wasi:io/poll`: the one call in which a component waits. It is given a list of pollables and
 * answers with the places of those that are ready. An empty list ends the program.
 */
import { countCall } from "../calls";
import * as abi from "./abi";
import { chargeWait } from "./budget";

/** Bytes of a handle in the list, and of a place in the answer. */
export const HANDLE_BYTES: usize = 4;

/** Waits for any of `count` pollables. @returns how many places were stored at `answer` */
export function poll(handles: usize, count: u32, answer: usize): u32 {
  assert(count > 0, "a wait for nothing");
  countCall();
  abi.land(answer, <usize>count * HANDLE_BYTES);
  abi.pollList(handles, count, abi.RESULT);
  const named = load<u32>(abi.RESULT, 4);
  chargeWait(count, named);
  return named;
}

/** A pollable that is ready after so long; to be given back. */
export function startTimer(nanoseconds: u64): abi.Handle {
  countCall();
  return abi.subscribeDuration(nanoseconds);
}

export function stopTimer(timer: abi.Handle): void {
  countCall();
  abi.dropPollable(timer);
}
