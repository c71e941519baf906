/** The module `pollcast-selectors/process`: the arguments and the exit of the program. */
import "./configured";

export { Exit, exit, programArguments } from "./assembly/wasi/process";
