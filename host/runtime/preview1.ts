/**
 * The imports of WASI preview1 for one guest, over a {@link Kernel}. This file and imports_*.ts
 * decode the guest's pointers and structs; the kernel does the work of each call.
 *
 * Each import first checks its flags, then that the descriptor is open, then its pointers.
 * After these checks it calls the kernel. So a call that fails because of a pointer has no effect.
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

/** The state that all groups of imports share. */
export interface Host {
  readonly kernel: Kernel;
  readonly memory: GuestMemory;
  readonly trace: Tracer;
  /** The arguments, NUL-terminated, with the program's name first. */
  readonly args: readonly Uint8Array[];
  /** The environment: `NAME=value`, NUL-terminated. */
  readonly env: readonly Uint8Array[];
}

/** An import: takes integers (i64 as bigint) and returns an errno. */
export type Import = (...values: never[]) => number;
export type Imports = Record<string, Import>;

export interface Preview1Options {
  /** The arguments, with the program's name first. The default is `guest.wasm` alone. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  trace?: Tracer;
}

/** The imports of one guest, and its memory. */
export class Preview1 {
  /** The functions of the import module `wasi_snapshot_preview1`, by name. */
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

  /** Sets the guest's memory. Call it after instantiation and before `_start`. */
  attach(memory: WasmMemory): void {
    this.#memory.attach(memory);
  }

  /** Wraps the body of an import: tells the kernel and the tracer, and answers bad arguments. */
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
