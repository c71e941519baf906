/** A poll of one descriptor, and a sleep. */
import { Fd } from "./fd";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/poll";
import { pollReadable } from "./preview3/descriptors";
import * as preview3 from "./preview3/timer";

/**
 * Returns true if a read of the descriptor would not block now; also after an error or a hangup.
 */
export function canRead(fd: Fd): bool {
  if (IS_COMPONENT) return pollReadable(fd) != 0;
  return preview1.pollOne(fd, preview1.READ) != preview1.NOT_READY;
}

/** Sleeps for `nanoseconds`. On a host that cannot wait, yields the processor once instead. */
export function sleep(nanoseconds: u64): void {
  if (IS_COMPONENT) preview3.sleep(nanoseconds);
  else preview1.sleep(nanoseconds);
}
