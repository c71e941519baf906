/** Asking about one descriptor, and waiting for none. */
import { Fd } from "./fd";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/poll";
import { pollReadable } from "./preview3/descriptors";
import * as preview3 from "./preview3/timer";

/** Whether something can be read, now. Anything that is wrong with it can be read, too. */
export function canRead(fd: Fd): bool {
  if (IS_COMPONENT) return pollReadable(fd) != 0;
  return preview1.pollOne(fd, preview1.READ) != preview1.NOT_READY;
}

/** Does nothing for `nanoseconds`; gives the processor away once where the host cannot wait. */
export function sleep(nanoseconds: u64): void {
  if (IS_COMPONENT) preview3.sleep(nanoseconds);
  else preview1.sleep(nanoseconds);
}
