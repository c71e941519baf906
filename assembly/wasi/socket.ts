/** The verbs of a socket, of the platform that this program is compiled for. */
export { Fd } from "./fd";
export {
  accept,
  close,
  IOVEC_BYTES,
  isConnection,
  peek,
  recv,
  send,
  sendVector,
  setBlocking,
  setVector,
  shutdownWrite,
} from "./preview1/socket";
