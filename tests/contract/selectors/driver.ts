/** Drives a selector from a test: the guest of guest/driver.ts, and peers for its sockets. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { launchGuest, type Guest } from "../../../host/launcher/guest/launch.js";
import { openListener, type HostListener } from "../../../host/launcher/serve/listener.js";
import { packageRoot } from "../../../host/launcher/base/programs.js";
import { componentOf, EXPORT_TRANSFORM } from "../../../scripts/lib/component.mjs";
import { compiledForm } from "../../support/compiled.js";
import { freePorts, launchComponent } from "../../support/component.js";
import { componentRuntime, runtimeWasmtime } from "../../support/runtime.js";
import { until } from "../../support/wait.js";
import { wasmtimeWithFiles } from "../../support/wasmtime.js";

export const READ = 1;
export const WRITE = 2;
/** The first descriptor that is handed in. */
export const LISTENER = 3;

/** selectors/errors.ts, by number. */
export const SelectorError = {
  NONE: "0",
  BAD_EVENTS: "1",
  BAD_FD: "2",
  UNPOLLABLE: "3",
  ALREADY_REGISTERED: "4",
  NOT_REGISTERED: "5",
  CLOSED: "6",
  NOTHING_TO_WAIT_FOR: "7",
  HOST: "8",
} as const;

/**
 * Compiles guest/driver.ts as the programs are compiled, for the tests of this file.
 *
 * @returns the path of the module, or of the component
 */
export async function compileDriver(): Promise<string> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-driver-"));
  process.once("exit", () => fs.rmSync(directory, { recursive: true, force: true }));
  const module = path.join(directory, "driver.wasm");
  const asc = path.join(packageRoot, "node_modules", "assemblyscript", "bin", "asc.js");
  const isComponent = componentRuntime() !== undefined;
  const source = `tests/contract/selectors/guest/driver${isComponent ? "_component" : ""}.ts`;
  // The target's flags, another entry and another output.
  const args = [asc, source, "--target", "echo", "--outFile", module];
  if (isComponent) args.push("--transform", `./${EXPORT_TRANSFORM}`);
  execFileSync(process.execPath, args, { cwd: packageRoot, stdio: ["ignore", "ignore", "pipe"] });
  if (isComponent) fs.writeFileSync(module, await componentOf(fs.readFileSync(module)));
  return module;
}

export interface Ready {
  fd: number;
  mask: number;
  errno: number;
  data: string;
}

export interface Selected {
  ready: Ready[];
  error: string;
  errno: number;
  seconds: number;
}

/** One guest with one listener, and the clients that have connected to it. */
export class Driver {
  readonly #guest: Guest;
  readonly #answers: AsyncIterator<string>;
  #errors = "";

  private constructor(
    guest: Guest,
    readonly listener: Pick<HostListener, "port" | "close">,
  ) {
    this.#guest = guest;
    guest.stderr.setEncoding("utf8").on("data", (text: string) => (this.#errors += text));
    this.#answers = readline.createInterface({ input: guest.stdout })[Symbol.asyncIterator]();
  }

  /**
   * @param openFiles the most descriptors that the process may open (`ulimit -n`)
   * @param directory a directory to preopen
   * @param wasmtime the wasmtime for a component, if not that of its release line
   */
  static async start(
    module: string,
    openFiles?: number,
    directory?: string,
    wasmtime = componentRuntime(),
  ): Promise<Driver> {
    if (wasmtime !== undefined) return Driver.#startComponent(wasmtime, module, openFiles);
    const listener = await openListener({ host: "127.0.0.1", port: 0 });
    const usual = runtimeWasmtime();
    const guest = launchGuest({
      wasmtime: openFiles === undefined ? usual : wasmtimeWithFiles(openFiles),
      module,
      compiled: usual === undefined ? undefined : compiledForm(usual, module),
      args: [],
      listeners: [listener.fd],
      directory,
      maxMemoryBytes: 64 * 1024 * 1024,
    });
    onTestFinished(async () => {
      guest.kill("SIGKILL");
      await guest.exited;
      await listener.close();
    });
    return new Driver(guest, listener);
  }

  /** @param descriptors most that its process may have open (`ulimit -n`) */
  static async #startComponent(
    wasmtime: string,
    component: string,
    descriptors?: number,
  ): Promise<Driver> {
    const [port = 0] = await freePorts(1);
    const guest = launchComponent({
      ...{ wasmtime, component, descriptors },
      args: [`listen 127.0.0.1:${port}`],
      maxMemoryBytes: 64 * 1024 * 1024,
    });
    onTestFinished(async () => {
      guest.kill("SIGKILL");
      await guest.exited;
    });
    const driver = new Driver(guest, { port, close: () => Promise.resolve() });
    await driver.ask("listeners");
    return driver;
  }

  /** Gives a command and awaits the answer. */
  async ask(command: string): Promise<string> {
    this.#guest.stdin.write(`${command}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) {
      await finished(this.#guest.stderr);
      throw new Error(`the guest ended at "${command}": ${this.#errors}`);
    }
    return answer.value;
  }

  /**
   * Fills sockets whose peers do not read. They are full for a moment before that, until the kernel
   * has passed on what it can, or on Node the network's thread.
   *
   * @returns the bytes that they have taken
   */
  async fillForGood(...fds: number[]): Promise<number> {
    let total = 0;
    await until("they are full for good", async () => {
      const taken = await this.#fill(fds);
      total += taken;
      if (taken > 0) return false;
      // A kernel asks again whether there is room after a fifth of a second.
      await sleep(500);
      const since = await this.#fill(fds);
      total += since;
      return since === 0;
    });
    return total;
  }

  /** Fills each as far as there is room. @returns the bytes taken */
  async #fill(fds: readonly number[]): Promise<number> {
    let total = 0;
    for (const fd of fds) {
      const [bytes, errno] = (await this.ask(`fill ${fd}`)).split(" ");
      if (errno !== "AGAIN") throw new Error(`${fd} cannot be filled: ${errno}`);
      total += Number(bytes);
    }
    return total;
  }

  /** A connected pair: the peer's socket here, the descriptor there. */
  async connect(blocking = false): Promise<{ peer: net.Socket; fd: number }> {
    const peer = await this.dial();
    peer.setNoDelay(true);
    const accept = `accept ${LISTENER}${blocking ? " blocking" : ""}`;
    return { peer, fd: Number(await this.askUntil(accept, (answer) => answer !== "AGAIN")) };
  }

  /** A peer that connects, and waits to be accepted. */
  async dial(): Promise<net.Socket> {
    const peer = net.connect(this.listener.port, "127.0.0.1");
    onTestFinished(() => void peer.destroy());
    peer.on("error", () => undefined);
    await new Promise((resolve) => peer.once("connect", resolve));
    return peer;
  }

  /** Asks again until the answer is as wanted: the kernel may take a moment to deliver. */
  async askUntil(command: string, wanted: (answer: string) => boolean): Promise<string> {
    let answer = "";
    await until(`"${command}" to be answered as wanted`, async () => {
      answer = await this.ask(command);
      return wanted(answer);
    });
    return answer;
  }

  async register(fd: number, events: number, data = "-"): Promise<string> {
    return this.ask(`register ${fd} ${events} ${data}`);
  }

  async select(seconds: number | "none"): Promise<Selected> {
    const answer = await this.ask(`select ${seconds}`);
    const [entries = "", outcome = ""] = answer.split("|");
    const [error = "", errno, nanoseconds] = outcome.trim().split(" ");
    const ready = entries
      .split(" ")
      .filter(Boolean)
      .map((entry) => {
        const [fd, mask, keyErrno, data = ""] = entry.split(":");
        return { fd: Number(fd), mask: Number(mask), errno: Number(keyErrno), data };
      });
    return { ready, error, errno: Number(errno), seconds: Number(nanoseconds) / 1e9 };
  }

  /** `[fd, mask]` of what is ready, ordered by fd. */
  async readyNow(seconds: number | "none" = 0): Promise<[number, number][]> {
    const { ready } = await this.select(seconds);
    return ready
      .map(({ fd, mask }): [number, number] => [fd, mask])
      .sort(([one], [two]) => one - two);
  }
}
