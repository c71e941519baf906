/** Runs one guest to its end, over a kernel: the whole life of a module. */
import type { Kernel } from "./kernel.js";
import { outcomeOf, type Outcome } from "./outcome.js";
import { Preview1, type Preview1Options } from "./preview1.js";
import { Wasm, type WasmMemory, type WasmModule } from "./webassembly.js";

const MODULE_NAME = "wasi_snapshot_preview1";

/** By module and name. */
export type Imports = Record<string, Record<string, unknown>>;

export interface RunOptions extends Preview1Options {
  /** What the module imports beside WASI. */
  imports?: Imports;
  /** Told of the guest's memory before `_start` is called. */
  onStart?(memory: WasmMemory): void;
}

/**
 * Instantiates the module, calls its `_start`, and says how it ended.
 *
 * @throws what is no guest's doing: a module with other imports, a mistake in a kernel
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
