/** What the host handed in: which descriptors there are and of which kind. */
import { errno, fd_fdstat_get, fdflags, FDSTAT_BYTES, fdstat, filetype } from "./abi";
import { countCall } from "../calls";
import { Fd, FIRST_OF_OURS } from "../fd";

const out = memory.data(24);

/** The preview1 filetype of a descriptor (6: a stream socket), or -errno (-BADF: not open). */
export function filetypeOf(fd: Fd): i32 {
  countCall();
  const code = fd_fdstat_get(fd, changetype<fdstat>(out));
  return code == errno.SUCCESS ? <i32>changetype<fdstat>(out).filetype : -(<i32>code);
}

/** Whether calls on this descriptor answer at once instead of waiting. */
export function isNonBlocking(fd: Fd): bool {
  return filetypeOf(fd) >= 0 && (changetype<fdstat>(out).flags & fdflags.NONBLOCK) != 0;
}

/** Whether it is a socket: a listener or a connection. */
export function isSocket(fd: Fd): bool {
  return filetypeOf(fd) == filetype.SOCKET_STREAM;
}

/**
 * The listeners that the host handed in, in its order. They follow stderr, and directories follow
 * them; the first number that is not open ends the search.
 */
export function handedInListeners(): Array<Fd> {
  const found = new Array<Fd>();
  for (let fd = FIRST_OF_OURS; filetypeOf(fd) >= 0; fd++) {
    if (isSocket(fd)) found.push(fd);
  }
  return found;
}

assert(FDSTAT_BYTES <= 24);
