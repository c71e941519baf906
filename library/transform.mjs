/**
 * A transform for asc: exports what a component of `wasi:cli/command` must export. Its name cannot
 * be written in AssemblyScript, and it answers whether the program went well: a program that did
 * not has ended by itself.
 */
import { TypeRef } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

const RUN = "wasi:cli/run@0.3.0#run";
/** What asc makes of all top-level statements; told to export it, it does not run it by itself. */
const START = "~start";

export default class ComponentExport extends Transform {
  /** @param {import("assemblyscript/binaryen").default.Module} module */
  afterCompile(module) {
    const body = [module.call(START, [], TypeRef.None), module.i32.const(0)];
    const block = module.block(null, body, TypeRef.I32);
    module.addFunction(RUN, TypeRef.None, TypeRef.I32, [], block);
    module.addFunctionExport(RUN, RUN);
  }
}
