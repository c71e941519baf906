/**
 * Measures what a crash costs the clients: the time from kill -9 of the guest to the first line
 * that the next guest serves, while the listener stays open. The guest is supervised in this
 * process, as `serve` does it.
 */
import net from "node:net";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { ConsoleInput, ConsoleOutput, PassedConsole } from "../../host/launcher/guest/console.js";
import { errnoOf } from "../../host/launcher/base/errors.js";
import { launchGuest, type Guest, type LaunchOptions } from "../../host/launcher/guest/launch.js";
import { openListener, type HostListener } from "../../host/launcher/serve/listener.js";
import { Log } from "../../host/launcher/guest/log.js";
import { findModule, findProgram } from "../../host/launcher/base/programs.js";
import { EARLY_DEATH_MS } from "../../host/launcher/serve/restart.js";
import { supervise } from "../../host/launcher/serve/supervise.js";
import { precompile } from "../../host/launcher/wasmtime/precompile.js";
import { componentWasmtime, STEP_WAIT_MS, StepFailed } from "./program_runner.js";
import { table } from "../measure/table.js";

export interface RestartSizes {
  kills: number;
}

export const RESTART_SIZES: RestartSizes = { kills: 10 };

/**
 * A guest must live this long; after a shorter life the launcher delays the next one (restart.ts).
 */
const LIFE_MS = EARLY_DEATH_MS + 100;
const MEMORY_BYTES = 512 * 1024 * 1024;
const WORDS = "first line";
/** The time between two attempts to connect. */
const RETRY_MS = 1;

/** The moments of one crash, in milliseconds since the kill. */
interface Moments {
  ended: number;
  launched: number;
  listening: number;
  /** The time from the kill to the last refused connection, in milliseconds; 0 if none was. */
  refused: number;
  served: number;
}

const COLUMNS = ["ended", "launched", "listening", "refused", "served"] as const;

const ENDING = `
ended: the launcher has noticed the end of the guest. launched: it has started the next guest.
listening: the next guest listens. refused: the last moment at which a connection was refused.
served: a client that has tried to connect since the kill has received its own line.
`;

type Form = Pick<LaunchOptions, "module" | "wasmtime" | "compiled" | "abi">;

export async function restart(
  wasmtime: string,
  { kills }: RestartSizes,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string> {
  const rows: string[][] = [];
  for (const [name, form] of await forms(wasmtime, signal, say)) {
    say(`${name}: ${kills} kills`);
    const crashes = await new Crashes(form, signal).measure(kills);
    const column = (of: keyof Moments): number[] => crashes.map((moments) => moments[of]);
    const middles = COLUMNS.map((of) => median(column(of)).toFixed(0));
    rows.push([name, ...middles, Math.max(...column("served")).toFixed(0)]);
  }
  const head = ["ms after kill -9, medians", ...COLUMNS, "worst"];
  return table(head, rows) + ENDING;
}

/** Returns the forms of the chat that can be served on this machine, with their names. */
async function forms(
  wasmtime: string,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<[string, Form][]> {
  const chat = findProgram("chat");
  const module = findModule(chat);
  const compiled = async (of: string, by: string): Promise<string | undefined> =>
    (await precompile({ wasmtime: by, module: of, say, signal })).usablePath();
  const found: [string, Form][] = [
    ["module, compiled at the start", { wasmtime, module }],
    [
      "module, compiled ahead of time",
      { wasmtime, module, compiled: await compiled(module, wasmtime) },
    ],
    ["module, on Node", { module }],
  ];
  const newer = await componentWasmtime(chat, signal);
  if (newer === undefined) return found;
  const component = findModule(chat, "p3");
  const form = { wasmtime: newer, module: component, abi: "p3" as const };
  found.push(["component, compiled at the start", form]);
  const ahead = { ...form, compiled: await compiled(component, newer) };
  found.push(["component, compiled ahead of time", ahead]);
  return found;
}

class Crashes {
  #guest: Guest | undefined;
  #moments = { ended: 0, launched: 0, listening: 0 };

  constructor(
    private readonly form: Form,
    private readonly signal: AbortSignal,
  ) {}

  async measure(kills: number): Promise<Moments[]> {
    const listener = await openListener({ host: "127.0.0.1", port: 0 });
    // A component opens the same port itself.
    if (this.form.abi === "p3") await listener.close();
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
      if (this.form.abi !== "p3") await listener.close();
    }
  }

  #launch(listener: HostListener): Guest {
    const { address, fd } = listener;
    const isComponent = this.form.abi === "p3";
    const guest = launchGuest({
      ...this.form,
      args: [isComponent ? "--listen" : "--address", address, "--stop-at-eof"],
      listeners: isComponent ? [] : [fd],
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
    const refusedUntil = await this.#firstLine(port);
    const served = performance.now() - killedAt;
    // On a busy machine, the next guest's line may arrive before its log line does.
    while (this.#moments.listening < this.#moments.launched) {
      await sleep(RETRY_MS, undefined, { signal: this.signal });
    }
    const { ended, launched, listening } = this.#moments;
    return {
      ended: ended - killedAt,
      launched: launched - killedAt,
      listening: listening - killedAt,
      refused: refusedUntil === 0 ? 0 : refusedUntil - killedAt,
      served,
    };
  }

  /**
   * Connects, sends a line and waits for it to come back. Tries again if nothing listens, or if the
   * connection reached the guest that was killed.
   *
   * @returns the time when a connection was last refused; 0 if none was
   */
  async #firstLine(port: number): Promise<number> {
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(STEP_WAIT_MS)]);
    let refusedAt = 0;
    for (;;) {
      const outcome = await talk(port, signal);
      if (outcome === "served") return refusedAt;
      if (outcome === "refused") refusedAt = performance.now();
      this.signal.throwIfAborted();
      if (signal.aborted) throw new StepFailed("waited in vain for a line to be served");
      await sleep(RETRY_MS);
    }
  }
}

type Outcome = "served" | "refused" | "broken";

async function talk(port: number, signal: AbortSignal): Promise<Outcome> {
  const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
  socket.write(`${WORDS}\n`);
  let heard = "";
  socket.setEncoding("utf8");
  const outcome = await new Promise<Outcome>((resolve) => {
    socket.on("data", (text: string) => {
      heard += text;
      if (heard.includes(WORDS)) resolve("served");
    });
    socket.once("error", (error) => {
      resolve(errnoOf(error) === "ECONNREFUSED" ? "refused" : "broken");
    });
    socket.once("close", () => resolve("broken"));
    signal.addEventListener("abort", () => resolve("broken"), { once: true });
  });
  socket.destroy();
  return outcome;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}
