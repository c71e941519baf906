/**
 * What a crash costs those who are waiting: from kill -9 of the module to the first line served by
 * the next one, with a listener that stays open. Supervised as `serve` does it, in this process.
 */
import net from "node:net";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { ConsoleInput, ConsoleOutput, PassedConsole } from "../console.js";
import { launchGuest, type Guest, type LaunchOptions } from "../launch.js";
import { openListener, type HostListener } from "../listener.js";
import { Log } from "../log.js";
import { findModule, findProgram } from "../programs.js";
import { EARLY_DEATH_MS } from "../restart.js";
import { supervise } from "../supervise.js";
import { precompile } from "../wasmtime/precompile.js";
import { STEP_WAIT_MS, StepFailed } from "./stage.js";
import { table } from "./table.js";

export interface RestartSizes {
  kills: number;
}

export const RESTART_SIZES: RestartSizes = { kills: 10 };

/** A guest must have lived for so long, or the next one is made to wait: restart.ts. */
const LIFE_MS = EARLY_DEATH_MS + 100;
const MEMORY_BYTES = 512 * 1024 * 1024;
const WORDS = "first line";

/** One crash, in milliseconds since the kill. */
interface Moments {
  ended: number;
  launched: number;
  listening: number;
  served: number;
}

const ENDING = `
ended: the launcher has noticed. launched: it has started the next one. listening: that one says so.
served: a client that connected at the moment of the kill has its line back.
`;

export async function restart(
  wasmtime: string,
  { kills }: RestartSizes,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string> {
  const module = findModule(findProgram("chat"));
  const precompiled = await precompile({ wasmtime, module, say, signal });
  const forms: [string, Pick<LaunchOptions, "wasmtime" | "compiled">][] = [
    ["wasmtime, compiled at the start", { wasmtime }],
    ["wasmtime, compiled ahead of time", { wasmtime, compiled: precompiled.current() }],
    ["Node", {}],
  ];
  const rows: string[][] = [];
  for (const [name, form] of forms) {
    say(`${name}: ${kills} kills`);
    const crashes = await new Crashes({ module, ...form }, signal).measure(kills);
    const column = (of: keyof Moments): number[] => crashes.map((moments) => moments[of]);
    const middles = (["ended", "launched", "listening", "served"] as const).map((of) =>
      median(column(of)).toFixed(0),
    );
    rows.push([name, ...middles, Math.max(...column("served")).toFixed(0)]);
  }
  const head = ["ms after kill -9, medians", "ended", "launched", "listening", "served", "worst"];
  return table(head, rows) + ENDING;
}

class Crashes {
  #guest: Guest | undefined;
  #moments: Moments = { ended: 0, launched: 0, listening: 0, served: 0 };

  constructor(
    private readonly form: Pick<LaunchOptions, "module" | "wasmtime" | "compiled">,
    private readonly signal: AbortSignal,
  ) {}

  async measure(kills: number): Promise<Moments[]> {
    const listener = await openListener({ host: "127.0.0.1", port: 0 });
    const stop = new AbortController();
    const input = new ConsoleInput(new PassThrough());
    const [output, errors] = [new PassThrough().resume(), new PassThrough().resume()];
    const ended = supervise({
      name: "chat",
      launch: () => this.#launch(listener),
      console: new PassedConsole(input, new ConsoleOutput(output)),
      log: new Log(new ConsoleOutput(errors), false),
      requests: { stop: AbortSignal.any([stop.signal, this.signal]), hurry: this.signal },
    });
    try {
      const measured: Moments[] = [];
      await this.#firstLine(listener.port);
      for (let kill = 0; kill < kills; kill++) {
        await sleep(LIFE_MS, undefined, { signal: this.signal });
        measured.push(await this.#crash(listener.port));
      }
      return measured;
    } finally {
      stop.abort();
      await ended;
      await listener.close();
    }
  }

  #launch(listener: HostListener): Guest {
    const guest = launchGuest({
      ...this.form,
      args: ["--address", listener.address, "--stop-at-eof"],
      listeners: [listener.fd],
      maxMemoryBytes: MEMORY_BYTES,
    });
    this.#guest = guest;
    this.#moments.launched = performance.now();
    void guest.exited.then(() => (this.#moments.ended = performance.now()));
    guest.stderr.on("data", (words: Buffer) => {
      if (words.includes("listening on")) this.#moments.listening = performance.now();
    });
    return guest;
  }

  async #crash(port: number): Promise<Moments> {
    const killedAt = performance.now();
    this.#guest?.kill("SIGKILL");
    await this.#firstLine(port);
    const served = performance.now() - killedAt;
    const { ended, launched, listening } = this.#moments;
    return {
      ended: ended - killedAt,
      launched: launched - killedAt,
      listening: listening - killedAt,
      served,
    };
  }

  /** Connects, says a line, and hears it: again, if it reached the guest that is dying. */
  async #firstLine(port: number): Promise<void> {
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(STEP_WAIT_MS)]);
    while (!(await isServed(port, signal))) {
      this.signal.throwIfAborted();
      if (signal.aborted) throw new StepFailed("waited in vain for a line to be served");
    }
  }
}

/** @returns false if the connection dies with its guest, or nobody answers in time */
async function isServed(port: number, signal: AbortSignal): Promise<boolean> {
  const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
  socket.write(`${WORDS}\n`);
  let heard = "";
  socket.setEncoding("utf8");
  const served = await new Promise<boolean>((resolve) => {
    socket.on("data", (text: string) => {
      heard += text;
      if (heard.includes(WORDS)) resolve(true);
    });
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
    signal.addEventListener("abort", () => resolve(false), { once: true });
  });
  socket.destroy();
  return served;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}
