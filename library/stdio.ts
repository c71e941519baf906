/** The module `pollcast-selectors/stdio`: standard input, output and error. */
import "./configured";

export { readStdin, STDERR, STDIN, STDOUT, writeIfRoom, writeText } from "./assembly/wasi/stdio";
