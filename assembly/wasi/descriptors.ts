/** What there is behind a descriptor. */
import { Fd } from "./fd";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/descriptors";
import * as preview3 from "./preview3/descriptors";

/** The filetype of a descriptor in preview1's numbers (6: a stream socket), or -BADF. */
export function filetypeOf(fd: Fd): i32 {
  if (IS_COMPONENT) return preview3.filetypeOf(fd);
  return preview1.filetypeOf(fd);
}

/** Whether calls on this descriptor answer at once instead of waiting. */
export function isNonBlocking(fd: Fd): bool {
  if (IS_COMPONENT) return preview3.isNonBlocking(fd);
  return preview1.isNonBlocking(fd);
}

/** The listeners that the host handed in, in its order; of a component, those it has opened. */
export function handedInListeners(): Array<Fd> {
  if (IS_COMPONENT) return preview3.handedInListeners();
  return preview1.handedInListeners();
}
