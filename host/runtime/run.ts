/** Instantiates a WASI preview1 module over a kernel, and runs it until it ends. */
import type { Kernel } from "./kernel.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import { Preview1, type Preview1Options } from "./preview1.js";
import { Wasm, type WasmMemory, type WasmModule } from "./webassembly.js";

const MODULE_NAME = "wasi_snapshot_preview1";

/** The imports of a module: functions by the name of the imported module and their own name. */
export type Imports = Record<string, Record<string, unknown>>;

export interface RunOptions extends Preview1Options {
  /** Imports of the module that are not WASI's. The default is none. */
  imports?: Imports;
  /** Called once with the guest's memory, before `_start`. */
  onStart?(memory: WasmMemory): void;
}

/**
 * Instantiates the module, calls its `_start`, and returns how the guest ended.
 *
 * @throws for errors that the guest did not cause: an import that is missing, no exported memory or
 *   `_start`, a bug in the kernel
 */
export function runGuest(module: WasmModule, kernel: Kernel, options: RunOptions = {}): Outcome {
  const preview1 = new Preview1(kernel, options);
  const instance = new Wasm.Instance(module, {
    ...options.imports,
    [MODULE_NAME]: preview1.imports,
  });
  const { memory, _start: start } = instance.exports;
  if (!(memory instanceof Wasm.Memory)) throw new Error("the module exports no memory");
  if (typeof start !== "function") throw new Error("the module exports no _start");
  preview1.attach(memory);
  options.onStart?.(memory);
  try {
    (start as () => void)();
    return { kind: "exit", exitCode: 0 };
  } catch (error) {
    return outcomeOf(error);
  } finally {
    kernel.exit();
  }
}
