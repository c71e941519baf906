/** What a module tells beside its calls, if it is built with probes (lab/sim/probes.mjs). */
import type { Imports } from "../../host/runtime/run.js";
import { Wasm, type WasmModule } from "../../host/runtime/webassembly.js";

const MODULE = "probe";

/** By name: the arguments of a call and its result, integers all; those of 64 bits are bigints. */
export type Probes = Record<string, (...values: never[]) => void>;

/** @returns the imports of the module's probes; those of which nobody wants to hear do nothing */
export function probeImports(module: WasmModule, probes: Probes): Imports {
  const names = Wasm.Module.imports(module).filter((one) => one.module === MODULE);
  if (names.length === 0) throw new Error("the module has no probes");
  const heard = names.map(({ name }) => [name, probes[name] ?? (() => undefined)] as const);
  return { [MODULE]: Object.fromEntries(heard) };
}
