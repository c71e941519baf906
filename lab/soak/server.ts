/**
 * `pollcast serve` as a process: its port, its console and its log. `dispose` always ends both the
 * launcher and the guest.
 */
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageRoot, TUTORIAL_CHAT } from "../../host/launcher/base/programs.js";
import { childrenOf, isAlive } from "./process_figures.js";

/** The module under wasmtime or on Node, or the component under wasmtime. */
export type Runtime = "wasmtime" | "node" | "component";

/** A step that takes longer than this has failed. */
const STEP_WAIT_MS = 30_000;
/** The time from SIGTERM to SIGKILL: more than the launcher gives its guest. */
const END_WAIT_MS = 6_000;
const LOOK_INTERVAL_MS = 20;
/** The number of characters kept of the console's output. */
const CONSOLE_CHARACTERS = 4_096;
const REMARKS_MOST = 20;

const COUNTS = new RegExp(
  String.raw`^(\d+) clients?, (\d+) connections?\n` +
    String.raw`(\d+) lines?, (\d+) deliver(?:y|ies), \d+ ticks?\n[^]*?^-+\n`,
  "m",
);
/** Log lines that are no problem: about root, the console, and what hostile clients speak. */
const EXPECTED = /^pollcast: (root serves: |console: )|^\S+ speaks \S+/;
/** The time at the start of each log line. */
const TIME = /^\d{4}-\S+Z /;
const GONE = /^\S+ is gone: (.+) \(\d+ here\)$/;
const JOINED = /^\S+ joined \(\d+ here\)$/;
const LISTENING = /^chat: listening on \S*:(\d+)/;

/** The counters that the console prints. */
export interface Counts {
  clients: number;
  connections: number;
  lines: number;
  deliveries: number;
}

/** An error of the server that ends the soak. */
export class ServerFailed extends Error {}

export class SoakServer {
  port = 0;
  guestPid = 0;
  joined = 0;
  /** The number of closed connections, by the reason in the log. */
  readonly gone = new Map<string, number>();
  /** Other log lines since the start: none if all is well. */
  readonly remarks: string[] = [];
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #console = "";
  #log = "";
  #exit: string | undefined;

  constructor(runtime: Runtime, wasmtime: string | undefined) {
    const choice = wasmtime === undefined ? [] : ["--wasmtime", wasmtime];
    const launcher = path.join(packageRoot, "bin", "pollcast.mjs");
    // Visitors flood it on purpose, and the crowd expects the tutorial's style.
    const form = runtime === "component" ? ["--abi", "p3"] : ["--abi", "p1", "--runtime", runtime];
    const serve = ["serve", "--port", "0", ...form, ...choice, ...TUTORIAL_CHAT];
    const args = [launcher, ...serve, "--log-format", "text", "--ctl", "none"];
    this.#process = spawn(process.execPath, args, {
      stdio: "pipe",
      // Ctrl-C in a terminal is for this process to handle.
      detached: true,
      // As if npm had started it: then it stops when this process is killed.
      env: { ...process.env, npm_lifecycle_event: "soak" },
    });
    this.#process.stdin?.on("error", () => undefined);
    this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#console = (this.#console + text).slice(-CONSOLE_CHARACTERS);
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#ended = new Promise((resolve) => {
      this.#process.once("close", (code, signal) => {
        this.#exit = signal ?? `code ${code ?? "unknown"}`;
        resolve();
      });
      this.#process.once("error", () => resolve());
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Waits until the server listens. */
  async serves(): Promise<void> {
    await this.until("serves", () => this.port > 0);
    const [guest, ...others] = childrenOf(this.pid);
    if (guest === undefined || others.length > 0)
      throw new ServerFailed("the launcher has not one child");
    this.guestPid = guest;
  }

  /** Checks that both processes live. @throws {ServerFailed} if the guest or launcher has ended */
  assertAlive(): void {
    if (this.#exit !== undefined) throw new ServerFailed(`the server ended (${this.#exit})`);
    if (this.guestPid !== 0 && !isAlive(this.guestPid))
      throw new ServerFailed(`the guest ended: ${this.remarks.at(-1) ?? "no word why"}`);
  }

  /** Reads the counters from the console. */
  async counts(): Promise<Counts> {
    this.#console = "";
    this.#process.stdin?.write("how many?\n");
    let found: RegExpExecArray | null = null;
    await this.until("answers on its console", () => {
      found = COUNTS.exec(this.#console);
      return found !== null;
    });
    const [clients = 0, connections = 0, lines = 0, deliveries = 0] = (
      found as unknown as RegExpExecArray
    )
      .slice(1)
      .map(Number);
    return { clients, connections, lines, deliveries };
  }

  /**
   * Waits until `condition` returns true.
   *
   * @throws {ServerFailed} if the server ends or the time limit is reached
   */
  async until(what: string, condition: () => boolean): Promise<void> {
    const deadline = performance.now() + STEP_WAIT_MS;
    while (!condition()) {
      this.assertAlive();
      if (performance.now() > deadline)
        throw new ServerFailed(`waited ${STEP_WAIT_MS / 1000} s in vain until the server ${what}`);
      await sleep(LOOK_INTERVAL_MS);
    }
  }

  /** Types `quit` and waits. @returns the end of the launcher; `code 0` if all is well */
  async quit(): Promise<string> {
    this.#process.stdin?.write("quit\n");
    await Promise.race([this.#ended, sleep(STEP_WAIT_MS, undefined, { ref: false })]);
    return this.#exit ?? `did not quit within ${STEP_WAIT_MS / 1000} s`;
  }

  /** Ends the launcher and the guest. */
  async dispose(): Promise<void> {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (this.#exit !== undefined) break;
      this.#process.kill(signal);
      await Promise.race([this.#ended, sleep(END_WAIT_MS, undefined, { ref: false })]);
    }
    if (this.guestPid !== 0 && isAlive(this.guestPid)) process.kill(this.guestPid, "SIGKILL");
  }

  #read(text: string): void {
    const lines = (this.#log + text).split("\n");
    this.#log = lines.pop() ?? "";
    for (const line of lines) this.#readLine(line.replace(TIME, ""));
  }

  #readLine(line: string): void {
    const reason = GONE.exec(line)?.[1];
    const port = LISTENING.exec(line)?.[1];
    if (reason !== undefined) this.gone.set(reason, (this.gone.get(reason) ?? 0) + 1);
    else if (JOINED.test(line)) this.joined++;
    else if (port !== undefined && this.port === 0) this.port = Number(port);
    else if (EXPECTED.test(line)) return;
    else if (this.remarks.length < REMARKS_MOST) this.remarks.push(line);
  }
}
