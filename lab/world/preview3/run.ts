/**
 * Runs the core module of a component to its end on a {@link ComponentKernel}. It does what
 * wasmtime does around the core module: it lifts and lowers lists and handles.
 */
import { BadArgument } from "../../../host/runtime/memory.js";
import { GuestExit, GuestTrap, outcomeOf, type Outcome } from "../../../host/runtime/outcome.js";
import type { Imports, RunOptions } from "../../../host/runtime/run.js";
import { NO_TRACE } from "../../../host/runtime/trace.js";
import { Wasm, type WasmModule } from "../../../host/runtime/webassembly.js";
import { Canonical } from "./canonical.js";
import { HandleTable } from "./handles.js";
import type { ComponentHost, ComponentImport, ComponentImports } from "./host.js";
import { asyncImports } from "./imports_async.js";
import { programImports } from "./imports_cli.js";
import { fileImports } from "./imports_files.js";
import { outputImports } from "./imports_output.js";
import { socketImports } from "./imports_sockets.js";
import type { ComponentKernel } from "./kernel.js";
import { Progress } from "./progress.js";

const RUN = "wasi:cli/run@0.3.0#run";
const FIRST_LISTENER_FD = 3;

export interface ComponentOptions extends Omit<RunOptions, "env"> {
  /** The addresses of the kernel's listeners, in order, as in `127.0.0.1:9001`. */
  places: readonly string[];
  handles?: HandleTable;
}

/**
 * Runs a component.
 *
 * @throws {Error} for mistakes that are not the guest's: a call that this host does not have, or an
 *   error in a kernel
 */
export function runComponent(
  core: WasmModule,
  kernel: ComponentKernel,
  options: ComponentOptions,
): Outcome {
  const { args = ["guest.wasm"], places, trace = NO_TRACE } = options;
  const memory = new Canonical();
  const host: ComponentHost = {
    ...{ kernel, memory, trace, args },
    handles: options.handles ?? new HandleTable(),
    progress: new Progress(kernel, kernel.pace),
    places: places.map((address, at) => ({ address, fd: FIRST_LISTENER_FD + at, isOpen: false })),
  };
  const instance = new Wasm.Instance(core, importsOf(core, host, options.imports ?? {}));
  const { memory: own, cabi_realloc: realloc, [RUN]: run } = instance.exports;
  if (!(own instanceof Wasm.Memory)) throw new Error("the module exports no memory");
  if (typeof realloc !== "function") throw new Error("the module exports no cabi_realloc");
  if (typeof run !== "function") throw new Error(`the module exports no ${RUN}`);
  memory.attach(own, realloc as (...values: number[]) => number);
  options.onStart?.(own);
  try {
    return { kind: "exit", exitCode: (run as () => number)() === 0 ? 0 : 1 };
  } catch (error) {
    return outcomeOf(error);
  } finally {
    kernel.exit();
  }
}

function importsOf(core: WasmModule, host: ComponentHost, given: Imports): Imports {
  const groups = [asyncImports, socketImports, programImports, outputImports, fileImports];
  const all: ComponentImports = {};
  for (const group of groups) {
    for (const [module, functions] of Object.entries(group(host))) {
      all[module] = { ...all[module], ...functions };
    }
  }
  const linked: Imports = { ...given };
  for (const { module, name } of Wasm.Module.imports(core)) {
    if (module in given) continue;
    const names = (linked[module] ??= {});
    const body = all[module.replace(/@.*/, "")]?.[name] ?? missing(module, name);
    names[name] = called(host, name, body);
  }
  return linked;
}

/** Returns an import that fails if the component calls it. */
function missing(module: string, name: string): ComponentImport {
  return () => {
    throw new Error(`the virtual host of WASI 0.3 does not have ${module} ${name}`);
  };
}

function called(host: ComponentHost, name: string, body: ComponentImport): ComponentImport {
  return (...values) => {
    host.kernel.enter(name);
    try {
      return body(...values);
    } catch (error) {
      if (error instanceof BadArgument) throw new GuestTrap(`${name}: ${error.message}`);
      if (error instanceof GuestExit) host.trace.number(error.code);
      throw error;
    } finally {
      host.trace.end(name, 0);
    }
  };
}
