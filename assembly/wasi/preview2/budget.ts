/**
 * wasmtime 48 charges calls that answer at once to a budget of 128, which a task is given anew only
 * when it lets go of its thread. Once it is spent, every socket says "would wait", whatever is in
 * it: a server believes that all its clients have fallen silent, and waits for ever or in a circle.
 *
 * So calls are counted, and a "would wait" that comes late is not believed: the guest lets go once,
 * and asks again. Hosts that give large permits charge nothing, and are not troubled with it.
 */
import { countCall } from "../calls";
import { Handle, land, NO_HANDLE, pollList, RESULT, subscribeDuration } from "./abi";

/** Calls after which "would wait" is not believed; others may have spent some of the 128. */
const DOUBTFUL: u32 = 64;
/** A host that permits more than this in one write is of the older kind, which charges nothing. */
const YOUNG_PERMIT: u64 = 65_536;

const list = memory.data(4);
const answer = memory.data(4);

let spent: u32 = 0;
let charges: bool = true;
let past: Handle = NO_HANDLE;

/** Counts a call that a young host charges. */
// @ts-ignore: decorator
@inline
export function charge(): void {
  spent++;
}

/** The guest has let go of its thread: the budget is full. */
// @ts-ignore: decorator
@inline
export function refilled(): void {
  spent = 0;
}

/** Learns from a permit which kind of host this is. */
// @ts-ignore: decorator
@inline
export function judgeHost(permit: u64): void {
  if (permit > YOUNG_PERMIT) charges = false;
}

/** Whether the host is of the kind that waits for what is under way when a stream is dropped. */
export function hostIsYoung(): bool {
  return charges;
}

/** A "would wait" has come. @returns whether it is worth asking again: the budget is full now */
export function refill(): bool {
  if (!charges || spent <= DOUBTFUL) return false;
  letGo();
  return true;
}

/** A pollable that is always ready. */
export function pastPollable(): Handle {
  if (past == NO_HANDLE) {
    countCall();
    past = subscribeDuration(0);
  }
  return past;
}

function letGo(): void {
  store<Handle>(list, pastPollable());
  countCall();
  land(answer, 4);
  pollList(list, 1, RESULT);
  refilled();
}
