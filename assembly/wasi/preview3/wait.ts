/** Waiting without a selector. */
import { countCall } from "../calls";
import * as abi from "./abi";
import { chargeWait } from "./budget";
import { Descriptor } from "./table";

const list = memory.data(4);
const answer = memory.data(4);

/** What becomes ready when a descriptor can be read. */
export function readablePollable(from: Descriptor): abi.Handle {
  if (from.readable == abi.NO_HANDLE) {
    countCall();
    abort("no blocking reads here");
  }
  return from.readable;
}

/** What becomes ready when it can be written. */
export function writablePollable(from: Descriptor): abi.Handle {
  if (from.writable == abi.NO_HANDLE) {
    countCall();
    from.writable = abi.subscribeOutput(from.output);
  }
  return from.writable;
}

/** Waits until one descriptor is ready. @returns true, to be used in a condition */
export function waitFor(descriptor: Descriptor, toWrite: bool): bool {
  const pollable = toWrite ? writablePollable(descriptor) : readablePollable(descriptor);
  waitForPollable(pollable);
  return true;
}

/** Does nothing for a while. */
export function sleep(nanoseconds: u64): void {
  countCall();
  const pollable = abi.subscribeDuration(nanoseconds);
  waitForPollable(pollable);
  countCall();
  abi.dropPollable(pollable);
}

function waitForPollable(pollable: abi.Handle): void {
  store<abi.Handle>(list, pollable);
  countCall();
  abi.land(answer, 4);
  abi.pollList(list, 1, abi.RESULT);
  chargeWait(1, 1);
}
