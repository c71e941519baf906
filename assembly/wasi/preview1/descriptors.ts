/** Queries about descriptors, on preview1. See ../descriptors.ts. */
import { errno, fd_fdstat_get, fdflags, FDSTAT_BYTES, fdstat, filetype } from "./abi";
import { countCall } from "../calls";
import { Fd, FIRST_OF_OURS } from "../fd";

const out = memory.data(24);

/** Returns the filetype of a descriptor (6: a stream socket), or -errno (-BADF: it is not open). */
export function filetypeOf(fd: Fd): i32 {
  countCall();
  const code = fd_fdstat_get(fd, changetype<fdstat>(out));
  return code == errno.SUCCESS ? <i32>changetype<fdstat>(out).filetype : -(<i32>code);
}

/** Returns true if calls on this descriptor never block. */
export function isNonBlocking(fd: Fd): bool {
  return filetypeOf(fd) >= 0 && (changetype<fdstat>(out).flags & fdflags.NONBLOCK) != 0;
}

/** Returns true if the descriptor is a socket: a listener or a connection. */
export function isSocket(fd: Fd): bool {
  return filetypeOf(fd) == filetype.SOCKET_STREAM;
}

/**
 * Returns the listeners that the host passed in, in its order. Their numbers follow stderr's, and
 * those of directories follow. The first closed number ends the search.
 */
export function handedInListeners(): Array<Fd> {
  const found = new Array<Fd>();
  for (let fd = FIRST_OF_OURS; filetypeOf(fd) >= 0; fd++) {
    if (isSocket(fd)) found.push(fd);
  }
  return found;
}

assert(FDSTAT_BYTES <= 24);
