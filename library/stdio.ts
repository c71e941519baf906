/** stdin, stdout and stderr. */
import "./configured";

export { readStdin, STDERR, STDIN, STDOUT, writeIfRoom, writeText } from "./assembly/wasi/stdio";
