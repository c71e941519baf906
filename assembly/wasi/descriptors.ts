/** Queries about descriptors: their type, and which listeners there are. */
import { Fd } from "./fd";
import { IS_COMPONENT } from "./platform";
import * as preview1 from "./preview1/descriptors";
import * as preview3 from "./preview3/descriptors";

/**
 * Returns the filetype of a descriptor as preview1 numbers it (6: a stream socket), or -errno
 * (-BADF: it is not open).
 */
export function filetypeOf(fd: Fd): i32 {
  if (IS_COMPONENT) return preview3.filetypeOf(fd);
  return preview1.filetypeOf(fd);
}

/** Returns true if calls on this socket never block. */
export function isNonBlocking(fd: Fd): bool {
  if (IS_COMPONENT) return preview3.isNonBlocking(fd);
  return preview1.isNonBlocking(fd);
}

/**
 * Returns the listeners that the host passed in, in its order. In a component: those that it has
 * opened itself.
 */
export function handedInListeners(): Array<Fd> {
  if (IS_COMPONENT) return preview3.handedInListeners();
  return preview1.handedInListeners();
}
