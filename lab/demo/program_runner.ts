/**
 * Runs the programs of a demonstration, each on its own port and with its clients. `clear` always
 * ends all of them.
 */
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { launchGuest, type Guest, type GuestExit } from "../../host/launcher/guest/launch.js";
import { openListener, type HostListener } from "../../host/launcher/serve/listener.js";
import { findModule, findProgram, formsOf } from "../../host/launcher/base/programs.js";
import { locateFor } from "../../host/launcher/wasmtime/locate.js";
import type { Program } from "../../host/bootstrap/programs.mjs";

/** A step that takes longer than this has failed. */
export const STEP_WAIT_MS = 10_000;
/** The time that a program has to stop by itself. */
const QUIT_WAIT_MS = 2_000;
const LOOK_INTERVAL_MS = 10;
/** The number of characters kept of a program's output. */
const OUTPUT_CHARACTERS = 65_536;
const MEMORY_BYTES = 512 * 1024 * 1024;

/** The error of a step that did not work; its message says which. */
export class StepFailed extends Error {}

export class ProgramRunner {
  readonly #started: RunningProgram[] = [];

  constructor(
    readonly wasmtime: string,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Starts a program and waits until it listens.
   *
   * @param component the path of the wasmtime that runs it as a component; undefined for the module
   */
  async start(
    name: string,
    args: readonly string[] = [],
    component?: string,
  ): Promise<RunningProgram> {
    const listener = await openListener({ host: "127.0.0.1", port: 0 });
    const abi = component === undefined ? "p1" : "p3";
    // A component opens the same port itself.
    if (component !== undefined) await listener.close();
    const listen = component === undefined ? [] : ["--listen", listener.address];
    const guest = launchGuest({
      wasmtime: component ?? this.wasmtime,
      module: findModule(findProgram(name), abi),
      abi,
      args: [...listen, "--address", listener.address, "--stop-at-eof", ...args],
      listeners: component === undefined ? [listener.fd] : [],
      maxMemoryBytes: MEMORY_BYTES,
    });
    const running = new RunningProgram([name, ...args].join(" "), guest, listener, this.signal);
    this.#started.push(running);
    await running.until("begins to listen", () => running.output.includes("listening on"));
    return running;
  }

  /** Stops all programs. */
  async clear(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((running) => running.stop()));
  }
}

/** Returns a wasmtime for a program's component, or undefined; $WASMTIME is for modules. */
export async function componentWasmtime(
  program: Program,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!formsOf(program).includes("p3")) return undefined;
  const env = { ...process.env, WASMTIME: "" };
  return (await locateFor(["p3"], { signal, env })).suitable?.wasmtime;
}

/** A running program with its clients. */
export class RunningProgram {
  /** The newest output of the program, on stdout and stderr together. */
  output = "";
  readonly #sockets: net.Socket[] = [];
  #exit: GuestExit | undefined;

  constructor(
    readonly name: string,
    private readonly guest: Guest,
    private readonly listener: HostListener,
    private readonly signal: AbortSignal,
  ) {
    const remember = (text: string): void => {
      this.output = (this.output + text).slice(-OUTPUT_CHARACTERS);
    };
    guest.stdout.setEncoding("utf8").on("data", remember);
    guest.stderr.setEncoding("utf8").on("data", remember);
    void guest.exited.then((exit) => (this.#exit = exit));
  }

  get pid(): number {
    return this.guest.pid;
  }

  /** Types a line on the program's console. */
  console(line: string): void {
    this.guest.stdin.write(`${line}\n`);
  }

  async connect(): Promise<net.Socket> {
    const socket = net.connect({ port: this.listener.port, host: "127.0.0.1", noDelay: true });
    this.#sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", (error) =>
        reject(new StepFailed(`${this.name}: connecting failed: ${error.message}`)),
      );
    });
    // A later error shows as a missing answer.
    socket.on("error", () => undefined);
    return socket;
  }

  async connectAll(count: number): Promise<net.Socket[]> {
    return Promise.all(Array.from({ length: count }, () => this.connect()));
  }

  /**
   * Waits until `condition` returns true.
   *
   * @throws {StepFailed} if the program ends or the time limit is reached
   */
  async until(what: string, condition: () => boolean): Promise<void> {
    const deadline = performance.now() + STEP_WAIT_MS;
    while (!condition()) {
      this.signal.throwIfAborted();
      if (this.#exit !== undefined) {
        const { code, signal } = this.#exit;
        const how = signal ?? `code ${code ?? "unknown"}`;
        throw new StepFailed(`${this.name} ended (${how}) before it ${what}: ${this.lastWords()}`);
      }
      if (performance.now() > deadline)
        throw new StepFailed(`waited ${STEP_WAIT_MS / 1000} s in vain until ${this.name} ${what}`);
      await sleep(LOOK_INTERVAL_MS, undefined, { signal: this.signal });
    }
  }

  /** Asks the program to quit, kills it if it does not, and waits for its end. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.console("quit");
    const timer = setTimeout(() => this.guest.kill("SIGKILL"), QUIT_WAIT_MS);
    await this.guest.exited;
    clearTimeout(timer);
    await this.listener.close();
  }

  /** Kills a program that does not read its console. */
  async kill(): Promise<void> {
    this.guest.kill("SIGKILL");
    await this.guest.exited;
  }

  private lastWords(): string {
    return this.output.trim().split("\n").at(-1) ?? "";
  }
}
