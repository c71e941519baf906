/**
 * Starts guests in virtual worlds, without a process or a real socket: the counterpart of the
 * launcher's launch.ts and listener.ts. Their ports are numbers that no real socket can have.
 */
import fs from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Guest, GuestExit } from "../../../host/launcher/guest/launch.js";
import { MemoryTooSmall, withMemoryLimit } from "../../../host/runtime/node/memory_limit.js";
import { Wasm, type WasmModule } from "../../../host/runtime/webassembly.js";
import type { Dialect } from "../../../host/runtime/table/readiness.js";
import { VirtualStream } from "./stream.js";
import type { News, Order, ThreadStart } from "./words.js";

const FIRST_PORT = 65_536;
const FIRST_PEER = 3;
const THREAD = new URL("./thread.mjs", import.meta.url);

export interface VirtualOptions {
  dialect: Dialect;
  /** Path of the module. */
  module: string;
  /** For the module, told where its world listens. */
  args: readonly string[];
  ports: readonly number[];
  maxMemoryBytes: number;
  descriptors?: number | undefined;
}

let nextPort = FIRST_PORT;
const worlds = new Map<number, VirtualWorld>();

/** By path, time and limit. */
const modules = new Map<string, WasmModule | string>();

/**
 * Compiles a module with a limit for its memory, once in a process: compiling takes longer than
 * most tests.
 *
 * @returns the module, or the reason why its memory cannot have the limit
 */
function compiledModule(file: string, maxMemoryBytes: number): WasmModule | string {
  const key = `${file} ${fs.statSync(file).mtimeMs} ${maxMemoryBytes}`;
  const found = modules.get(key) ?? compile(file, maxMemoryBytes);
  modules.set(key, found);
  return found;
}

function compile(file: string, maxMemoryBytes: number): WasmModule | string {
  try {
    return new Wasm.Module(withMemoryLimit(fs.readFileSync(file), maxMemoryBytes));
  } catch (error) {
    if (error instanceof MemoryTooSmall) return error.message;
    throw error;
  }
}

/** Ports to start a world with. */
export function virtualPorts(count: number): number[] {
  return Array.from({ length: count }, () => nextPort++);
}

/** @returns undefined if no virtual world has this port */
export function connectVirtually(port: number, allowHalfOpen: boolean): VirtualStream | undefined {
  return worlds.get(port)?.connect(port, allowHalfOpen);
}

export class VirtualWorld implements Guest {
  readonly exited: Promise<GuestExit>;
  readonly #worker: Worker;
  readonly #orders = new Int32Array(new SharedArrayBuffer(4));
  readonly #streams: VirtualStream[] = [];
  readonly #ports: readonly number[];

  constructor(options: VirtualOptions) {
    const { module, ports, args, descriptors = Infinity, dialect, maxMemoryBytes } = options;
    this.#ports = ports;
    for (const port of ports) worlds.set(port, this);
    for (let stream = 0; stream < FIRST_PEER; stream++) this.#open();
    const start: ThreadStart = {
      ...{ dialect, descriptors, orders: this.#orders, listeners: ports.length },
      module: compiledModule(module, maxMemoryBytes),
      args: [path.basename(module), ...args],
    };
    this.#worker = new Worker(THREAD, { workerData: start, env: {}, execArgv: [] });
    this.exited = new Promise((resolve) => {
      this.#worker.on("message", (news: News) => {
        if (news.what === "exit") resolve({ code: news.code, signal: news.signal });
        else this.#hear(news);
      });
      // By a mistake of ours, which nobody catches.
      this.#worker.once("exit", (code) => resolve({ code, signal: null }));
    });
    // As Node does for its children: nobody need have read to the end.
    void this.exited.then(() => [this.stdout, this.stderr].map((output) => output.resume()));
  }

  get pid(): number {
    throw new Error("a guest in a virtual world is no process");
  }

  get stdin(): VirtualStream {
    return this.#stream(0);
  }

  get stdout(): VirtualStream {
    return this.#stream(1);
  }

  get stderr(): VirtualStream {
    return this.#stream(2);
  }

  kill(signal: NodeJS.Signals): void {
    this.#order({ act: "kill", signal });
  }

  connect(port: number, allowHalfOpen: boolean): VirtualStream {
    const listener = this.#ports.indexOf(port);
    this.#order({ act: "connect", stream: this.#streams.length, listener });
    return this.#open(allowHalfOpen);
  }

  /** Nothing in it can be heard of any more. */
  async end(): Promise<void> {
    for (const port of this.#ports) worlds.delete(port);
    await this.#worker.terminate();
  }

  #open(allowHalfOpen?: boolean): VirtualStream {
    const order = (order: Order) => this.#order(order);
    const stream = new VirtualStream(order, this.#streams.length, allowHalfOpen);
    this.#streams.push(stream);
    return stream;
  }

  #stream(number: number): VirtualStream {
    const stream = this.#streams[number];
    if (stream === undefined) throw new Error(`there is no stream ${number}`);
    return stream;
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
    Atomics.add(this.#orders, 0, 1);
    Atomics.notify(this.#orders, 0);
  }

  #hear(news: Exclude<News, { what: "exit" }>): void {
    const stream = this.#stream(news.stream);
    if (news.what === "connected") stream.emit("connect");
    else if (news.what === "data") stream.push(news.bytes);
    else if (news.what === "end") stream.push(null);
    else stream.destroy(Object.assign(new Error("reset by the guest"), { code: "ECONNRESET" }));
  }
}
