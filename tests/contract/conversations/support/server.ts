/**
 * Starts a program on the runtime that the test file chooses, as the launcher would, and ends it
 * with the test.
 *
 * It counts as started once it reports that it listens. Both of its outputs are recorded.
 */
import { formatAddress } from "../../../../host/launcher/base/config.js";
import { onTestFinished } from "vitest";
import { launchGuest, type Guest, type GuestExit } from "../../../../host/launcher/guest/launch.js";
import { openListener, type HostListener } from "../../../../host/launcher/serve/listener.js";
import { findModule, findProgram, TUTORIAL_CHAT } from "../../../../host/launcher/base/programs.js";
import { compiledForm } from "../../../support/compiled.js";
import { freePorts, launchComponent } from "../../../support/component.js";
import {
  componentRuntime,
  greetFor,
  nameFor,
  runtimeWasmtime,
  virtualDialect,
} from "../../../support/runtime.js";
import { virtualPorts, VirtualWorld } from "../../../support/virtual/world.js";
import { until } from "../../../support/wait.js";
import { wasmtimeWithFiles } from "../../../support/wasmtime.js";
import { connect, type Client, type ClientOptions } from "./client.js";

const HOST = "127.0.0.1";
const MEMORY_BYTES = 512 * 1024 * 1024;

export interface StartOptions {
  /** How many sockets it listens on. */
  listeners?: number;
  maxMemoryBytes?: number;
  /** Most file descriptors that its process may have open (`ulimit -n`). */
  descriptors?: number;
  /** True if the test reads the program's stdout. */
  readStdout?: boolean;
  /** For wasmtime. */
  flags?: readonly string[];
  /** Without the options that the launcher adds, nor the one that gives numbers to clients. */
  plain?: boolean;
}

/** Starts a program, and waits until it says that it listens. */
export async function startProgram(
  name: string,
  args: readonly string[] = [],
  options: StartOptions = {},
): Promise<Server> {
  const server = await launchProgram(name, args, options);
  await server.logs(/listening on/);
  return server;
}

/** Starts a program that may end at once. */
export async function launchProgram(
  name: string,
  args: readonly string[] = [],
  options: StartOptions = {},
): Promise<Server> {
  const greets = greetFor(name, args, options.plain ?? false);
  const words = [...styleArguments(name, args), ...greets, ...args];
  const launch = launcher();
  const launched = await launch(findModule(findProgram(name)), words, options);
  const { guest, doors } = launched;
  const server = new Server(guest, doors, options.readStdout ?? true);
  onTestFinished(async () => {
    guest.kill("SIGKILL");
    await guest.exited;
    await launched.end();
  });
  return server;
}

function launcher(): typeof launchReally | typeof launchVirtually {
  if (componentRuntime() !== undefined) return launchAsComponent;
  return virtualDialect() === undefined ? launchReally : launchVirtually;
}

/** Where it listens. */
type Door = Pick<HostListener, "port" | "address">;

interface Launched {
  guest: Guest;
  doors: readonly Door[];
  /** After the guest's. */
  end(): Promise<unknown>;
}

async function launchReally(
  module: string,
  args: readonly string[],
  options: StartOptions,
): Promise<Launched> {
  const { listeners = 1, maxMemoryBytes = MEMORY_BYTES, descriptors, flags = [] } = options;
  const doors = await Promise.all(
    Array.from({ length: listeners }, () => openListener({ host: HOST, port: 0 })),
  );
  const wasmtime = runtimeWasmtime();
  // Flags may change what is compiled.
  const isAsUsual = wasmtime !== undefined && flags.length === 0;
  const guest = launchGuest({
    wasmtime: descriptors === undefined ? wasmtime : wasmtimeWithFiles(descriptors),
    module,
    compiled: isAsUsual ? compiledForm(wasmtime, module) : undefined,
    args: [...launcherArguments(doors, options), ...args],
    listeners: doors.map(({ fd }) => fd),
    maxMemoryBytes,
    extraFlags: flags,
  });
  return { guest, doors, end: () => Promise.all(doors.map((door) => door.close())) };
}

async function launchAsComponent(
  module: string,
  args: readonly string[],
  options: StartOptions,
): Promise<Launched> {
  const { listeners = 1, maxMemoryBytes = MEMORY_BYTES, descriptors } = options;
  const ports = await freePorts(listeners);
  const doors = ports.map((port) => ({ port, address: formatAddress(HOST, port) }));
  const listens = doors.flatMap(({ address }) => ["--listen", address]);
  const guest = launchComponent({
    wasmtime: componentRuntime() ?? "none",
    component: module.replace(/\.wasm$/, ".component.wasm"),
    args: [...launcherArguments(doors, options), ...listens, ...args],
    ...{ maxMemoryBytes, descriptors },
  });
  return { guest, doors, end: () => Promise.resolve() };
}

function launchVirtually(module: string, args: readonly string[], options: StartOptions): Launched {
  const { listeners = 1, maxMemoryBytes = MEMORY_BYTES, descriptors } = options;
  if (options.flags !== undefined) throw new Error("flags are wasmtime's");
  const ports = virtualPorts(listeners);
  const doors = ports.map((port) => ({ port, address: formatAddress(HOST, port) }));
  const guest = new VirtualWorld({
    dialect: virtualDialect() ?? "exact",
    module,
    args: [...launcherArguments(doors, options), ...args],
    ...{ ports, maxMemoryBytes, descriptors },
  });
  return { guest, doors, end: () => guest.end() };
}

export class Server {
  stdout = "";
  stderr = "";
  readonly exited: Promise<GuestExit>;
  #arrivals = 0;

  constructor(
    private readonly guest: Guest,
    private readonly doors: readonly Door[],
    readsStdout: boolean,
  ) {
    if (readsStdout) this.readStdout();
    guest.stderr.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    const errors = new Promise<void>((resolve) => guest.stderr.once("close", () => resolve()));
    this.exited = guest.exited.then(async (exit) => {
      await errors;
      return exit;
    });
  }

  get pid(): number {
    return this.guest.pid;
  }

  get address(): string {
    return this.doors[0]?.address ?? "";
  }

  port(listener = 0): number {
    const found = this.doors[listener];
    if (found === undefined) throw new Error(`there is no listener ${listener}`);
    return found.port;
  }

  /** Types a line on its console. */
  console(line: string | Uint8Array): void {
    this.guest.stdin.write(Buffer.concat([Buffer.from(line as string), Buffer.from("\n")]));
  }

  /** Ends its stdin, after these last bytes. */
  endConsole(last = ""): void {
    this.guest.stdin.end(last);
  }

  kill(signal: NodeJS.Signals): void {
    this.guest.kill(signal);
  }

  /** Reads its stdout, if nobody did. */
  readStdout(): void {
    this.guest.stdout.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
  }

  /** Stops reading its stderr, as a paused terminal does. */
  leaveStderrUnread(): void {
    this.guest.stderr.pause();
  }

  /** Waits for words on its stderr. */
  async logs(pattern: RegExp, waitMs?: number): Promise<RegExpExecArray> {
    return this.#says(pattern, () => this.stderr, "stderr", waitMs);
  }

  /** Waits for words on its console. */
  async prints(pattern: RegExp, waitMs?: number): Promise<RegExpExecArray> {
    return this.#says(pattern, () => this.stdout, "stdout", waitMs);
  }

  /** Connects, and does not wait until the program has noticed. */
  async connect(options?: ClientOptions): Promise<Client> {
    return connect(this.port(), options);
  }

  /** Connects to the chat, and waits until it has let us in. */
  async join(options?: ClientOptions): Promise<Client> {
    const client = await connect(this.port(), options);
    client.name = nameFor(++this.#arrivals, client.socket.localPort);
    await this.logs(new RegExp(`^${client.name} joined`, "m"));
    return client;
  }

  /** Several at a time; their names are in no particular order. */
  async joinAll(count: number): Promise<Client[]> {
    const clients = await Promise.all(Array.from({ length: count }, () => this.connect()));
    this.#arrivals += count;
    await this.logs(new RegExp(`^client-${this.#arrivals} joined`, "m"));
    return clients;
  }

  /** Types `quit`. @returns how it ended */
  async stop(): Promise<GuestExit> {
    this.console("quit");
    return this.exited;
  }

  async #says(
    pattern: RegExp,
    text: () => string,
    where: string,
    waitMs?: number,
  ): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    const look = (): boolean => (found = pattern.exec(text())) !== null;
    await until(String(pattern), look, waitMs).catch((error: unknown) => {
      throw new Error(`${String(error)}; on ${where} there is: ${text().slice(-2_000)}`);
    });
    return found as unknown as RegExpExecArray;
  }
}

/** Returns the arguments that the launcher (serve.ts) adds for every program. */
function launcherArguments(doors: readonly Door[], { plain = false }: StartOptions): string[] {
  return plain ? [] : ["--address", doors[0]?.address ?? "nowhere", "--stop-at-eof"];
}

/** These conversations are the tutorial's, without its rivals' limits, unless they say otherwise. */
export function styleArguments(program: string, args: readonly string[]): string[] {
  return program === "chat" && !args.includes("--style") ? [...TUTORIAL_CHAT] : [];
}
