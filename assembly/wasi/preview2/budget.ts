/**
 * wasmtime 48 charges calls that answer at once to a budget of 128, which a task is given anew only
 * when it lets go of its thread. Once it is spent, every socket says "would wait", whatever is in
 * it: a server believes that all its clients have fallen silent, and waits for ever or in a circle.
 *
 * So calls are counted, and a "would wait" that comes late is not believed: the guest lets go once,
 * and asks again. What a wait finds ready is charged, too; whether it has let go, one cannot see.
 * Hosts that give large permits charge for an accept, and for each entry of a wait: with more than
 * 128 of these, no second accept succeeds after it. What makes them let go, socket.ts knows.
 */
import { countCall } from "../calls";
import { dropPollable, Handle, land, pollList, RESULT, subscribeDuration } from "./abi";

/** Calls after which "would wait" is not believed; others may have spent some of the 128. */
const DOUBTFUL: u32 = 64;
/** A host that permits more than this in one write is of the older kind. */
const YOUNG_PERMIT: u64 = 65_536;

const list = memory.data(4);
const answer = memory.data(4);

let spent: u32 = 0;
/** Whether reads and writes are charged. */
let charges: bool = true;

/** Counts a call of a stream that answers at once, which a young host charges. */
// @ts-ignore: decorator
@inline
export function charge(): void {
  if (charges) spent++;
}

/** Counts an accept, which all charge. */
export function chargeAccept(): void {
  spent++;
}

/** Counts a wait: a young host charges what it has named, an older one all that it looked at. */
// @ts-ignore: decorator
@inline
export function chargeWait(entries: u32, named: u32): void {
  spent += charges ? named : entries;
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

/** Whether "nobody has come" may not be true: this is charged by older hosts, too. */
export function doubtsAccept(): bool {
  return spent > DOUBTFUL;
}

/** The host has let go. */
export function renewed(): void {
  spent = 0;
}

/** A "would wait" has come. @returns whether it is worth asking again: the budget is full now */
export function refill(): bool {
  if (!charges || spent <= DOUBTFUL) return false;
  letGo();
  return true;
}

/** Waits for no time. Only a timer made for it makes the host give way, and only once. */
function letGo(): void {
  countCall();
  const timer = subscribeDuration(0);
  store<Handle>(list, timer);
  countCall();
  land(answer, 4);
  pollList(list, 1, RESULT);
  countCall();
  dropPollable(timer);
  renewed();
}
