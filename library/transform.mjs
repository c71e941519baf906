/**
 * A transform for asc: adds the export that a component of `wasi:cli/command` needs. AssemblyScript
 * cannot express its name. The function returns success, since a program that fails has exited
 * before.
 */
import { TypeRef } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

const RUN = "wasi:cli/run@0.3.0#run";
/**
 * The function that asc makes of all top-level statements. With `exportStart`, asc does not run it.
 */
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
