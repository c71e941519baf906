/** How a program is told what to do and how it ends, on the platform it is compiled for. */
import "./preview1/abort";

export { assertLayout, exit, programArguments } from "./preview1/process";

export { Exit } from "./exit";
