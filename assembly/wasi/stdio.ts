/** The three descriptors that every program is given: 0 to read, 1 and 2 to write. */
export { STDERR, STDIN, STDOUT } from "./fd";
export {
  looksWatchable,
  readStdin,
  STDIN_READ_BYTES,
  write,
  writeIfRoom,
  writeText,
  writeWhatFits,
} from "./preview1/stdio";
