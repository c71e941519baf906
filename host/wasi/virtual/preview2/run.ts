/**
 * Runs the core module of a component to its end, over a {@link ComponentKernel}. What a component
 * is beside its core module, wasmtime makes of it: lists and handles become what the host sees.
 */
import { BadArgument } from "../../memory.js";
import { GuestExit, GuestTrap, outcomeOf, type Outcome } from "../../outcome.js";
import type { RunOptions } from "../../run.js";
import { NO_TRACE } from "../../trace.js";
import { Wasm, type WasmModule } from "../../webassembly.js";
import { Canonical } from "./canonical.js";
import type { ComponentHost, ComponentImport } from "./host.js";
import { programImports } from "./imports_cli.js";
import { fileImports } from "./imports_files.js";
import { ioImports } from "./imports_io.js";
import { socketImports } from "./imports_sockets.js";
import type { ComponentKernel } from "./kernel.js";
import { ResourceTable } from "./resources.js";

const RUN = "wasi:cli/run@0.2.0#run";
const FIRST_LISTENER_FD = 3;

export interface ComponentOptions extends Omit<RunOptions, "env"> {
  /** Where the kernel's listeners are, in their order: `127.0.0.1:9001`. */
  places: readonly string[];
  resources?: ResourceTable;
}

/** @throws what is no guest's doing: a call that this host does not have, a mistake in a kernel */
export function runComponent(
  core: WasmModule,
  kernel: ComponentKernel,
  options: ComponentOptions,
): Outcome {
  const { args = ["guest.wasm"], places, trace = NO_TRACE } = options;
  const memory = new Canonical();
  const host: ComponentHost = {
    ...{ kernel, memory, trace, args },
    resources: options.resources ?? new ResourceTable(),
    places: places.map((address, at) => ({ address, fd: FIRST_LISTENER_FD + at, isOpen: false })),
  };
  const instance = new Wasm.Instance(core, importsOf(core, host));
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

function importsOf(core: WasmModule, host: ComponentHost): Record<string, Record<string, unknown>> {
  const all = {
    ...ioImports(host),
    ...socketImports(host),
    ...programImports(host),
    ...fileImports(host),
  };
  const linked: Record<string, Record<string, unknown>> = {};
  for (const { module, name } of Wasm.Module.imports(core)) {
    const body = all[module.replace(/@.*/, "")]?.[name] ?? missing(module, name);
    const names = (linked[module] ??= {});
    names[name] = called(host, name, body);
  }
  return linked;
}

/** Only who calls it needs it. */
function missing(module: string, name: string): ComponentImport {
  return () => {
    throw new Error(`the virtual host of WASI 0.2 does not have ${module} ${name}`);
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
