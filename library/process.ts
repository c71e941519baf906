/** The arguments of the program, and its end. */
import "./configured";

export { Exit, exit, programArguments } from "./assembly/wasi/process";
