/** Connects the host to the probes of a guest that is built with them (lab/sim/probes.mjs). */
import type { Imports } from "../../host/runtime/run.js";
import { Wasm, type WasmModule } from "../../host/runtime/webassembly.js";

const MODULE = "probe";

/**
 * Handlers by the names of the probes. They get the call's arguments and result: integers, and
 * bigints for those of 64 bits.
 */
export type Probes = Record<string, (...values: never[]) => void>;

/**
 * @returns the imports for the guest's probes; a probe without a handler does nothing
 * @throws {Error} if the module has no probes
 */
export function probeImports(module: WasmModule, probes: Probes): Imports {
  const names = Wasm.Module.imports(module).filter((one) => one.module === MODULE);
  if (names.length === 0) throw new Error("the module has no probes");
  const heard = names.map(({ name }) => [name, probes[name] ?? (() => undefined)] as const);
  return { [MODULE]: Object.fromEntries(heard) };
}
