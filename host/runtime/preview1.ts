/**
 * WASI preview1 as a module imports it, over a {@link Kernel}: the imports of a guest's memory,
 * structs and pointers. What a call does is the kernel's affair; what it looks like is ours.
 *
 * Each import is checked in the same order: its flags, that the descriptor is open, its pointers;
 * then the kernel is asked. So a call that fails for its pointers has done nothing.
 */
import { utf8 } from "./bytes.js";
import { directoryImports } from "./imports_dir.js";
import { fdImports } from "./imports_fd.js";
import { pollImports } from "./imports_poll.js";
import { processImports } from "./imports_process.js";
import { socketImports } from "./imports_sock.js";
import type { Kernel } from "./kernel.js";
import { BadArgument, GuestMemory } from "./memory.js";
import { GuestExit, GuestStopped, GuestTrap } from "./outcome.js";
import { NO_TRACE, type Tracer } from "./trace.js";
import type { WasmMemory } from "./webassembly.js";

/** What the groups of imports share. */
export interface Host {
  readonly kernel: Kernel;
  readonly memory: GuestMemory;
  readonly trace: Tracer;
  /** NUL-terminated. */
  readonly args: readonly Uint8Array[];
  /** `NAME=value`, NUL-terminated. */
  readonly env: readonly Uint8Array[];
}

/** Integers in (i64 as bigint), an errno out. */
export type Import = (...values: never[]) => number;
export type Imports = Record<string, Import>;

export interface Preview1Options {
  /** The program's name first. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  trace?: Tracer;
}

export class Preview1 {
  /** What the module imports as `wasi_snapshot_preview1`. */
  readonly imports: Imports;
  readonly #memory = new GuestMemory();
  readonly #kernel: Kernel;
  readonly #trace: Tracer;

  constructor(kernel: Kernel, options: Preview1Options = {}) {
    const { args = ["guest.wasm"], env = {}, trace = NO_TRACE } = options;
    this.#kernel = kernel;
    this.#trace = trace;
    const host: Host = {
      kernel,
      memory: this.#memory,
      trace,
      args: args.map(terminated),
      env: Object.entries(env).map(([name, value]) => terminated(`${name}=${value}`)),
    };
    const all = {
      ...processImports(host),
      ...fdImports(host),
      ...directoryImports(host),
      ...socketImports(host),
      ...pollImports(host),
    };
    this.imports = Object.fromEntries(
      Object.entries(all).map(([name, body]) => [name, this.#import(name, body)]),
    );
  }

  /** To be called once the module is instantiated, before it is started. */
  attach(memory: WasmMemory): void {
    this.#memory.attach(memory);
  }

  #import(name: string, body: Import): Import {
    const kernel = this.#kernel;
    const trace = this.#trace;
    return (...values) => {
      kernel.enter(name);
      let errno: number;
      try {
        errno = body(...values);
      } catch (error) {
        if (error instanceof GuestExit) trace.number(error.code);
        if (error instanceof GuestExit || error instanceof GuestTrap) trace.end(name, -1);
        if (error instanceof GuestStopped) trace.end(name, -1);
        if (!(error instanceof BadArgument)) throw error;
        if (kernel.badArguments === "trap") {
          trace.end(name, -1);
          throw new GuestTrap(`${name}: ${error.message}`);
        }
        errno = error.errno;
      }
      trace.end(name, errno);
      return errno;
    };
  }
}

function terminated(text: string): Uint8Array {
  return utf8(`${text}\0`);
}
