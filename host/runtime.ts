/**
 * Which runtime serves: a wasmtime, or Node itself.
 *
 * A wasmtime is faster, and a process that knows nothing but its module; Node is always at hand. So
 * `auto` takes a wasmtime that is there and does not make anybody wait for one that is not, unless
 * told to provide it (`--setup`, which npm start says).
 */
import type { ServeOptions } from "./config.js";
import { usage, UserError } from "./errors.js";
import { ensureWasmtime } from "./wasmtime/ensure.js";
import { locate } from "./wasmtime/locate.js";
import { provide } from "./wasmtime/provide.js";

type RuntimeOptions = Pick<ServeOptions, "runtime" | "wasmtime" | "setup" | "proxyFrom">;

export interface ChooseOptions {
  say: (line: string) => void;
  signal: AbortSignal;
  /** Called just before minutes may be spent on providing a wasmtime. */
  beforeProviding: () => Promise<void>;
}

/** What is said where Node serves for want of a wasmtime, and what to do about it. */
export const NO_WASMTIME = "no supported wasmtime at hand: serving on Node";
export const GET_WASMTIME = "pollcast setup provides one";

/** @returns the path of a wasmtime, or undefined: Node */
export async function chooseRuntime(
  choice: RuntimeOptions,
  options: ChooseOptions,
): Promise<string | undefined> {
  checkRuntime(choice);
  const { runtime, wasmtime: explicit } = choice;
  const { say, signal } = options;
  if (runtime === "node") return undefined;
  if (choice.proxyFrom !== undefined) {
    say("serving on Node, where alone it is known who connects (--proxy-from)");
    return undefined;
  }
  if (runtime === "wasmtime") return ensureWasmtime({ explicit, ...options });
  const { wasmtime, notes } = await locate({ explicit, signal });
  for (const note of notes) say(note);
  if (wasmtime !== undefined) return wasmtime.path;
  if (choice.setup === true) return provideIfPossible(options);
  say(`${NO_WASMTIME} (${GET_WASMTIME})`);
  return undefined;
}

/** @returns its path, or undefined where it cannot be had, which has been said */
async function provideIfPossible(options: ChooseOptions): Promise<string | undefined> {
  const { say, signal, beforeProviding } = options;
  await beforeProviding();
  try {
    return await provide({ say, signal });
  } catch (error) {
    if (signal.aborted || !(error instanceof UserError)) throw error;
    say(error.message);
    say("serving on Node instead");
    return undefined;
  }
}

/** Refuses what contradicts itself. */
export function checkRuntime({ runtime, wasmtime, proxyFrom }: RuntimeOptions): void {
  if (proxyFrom !== undefined && (runtime === "wasmtime" || wasmtime !== undefined))
    throw usage(
      "--proxy-from cannot be enforced by wasmtime, which does not tell who connects: take " +
        "--runtime node, or leave it out and listen where the proxy alone can connect",
    );
  if (runtime === "node" && wasmtime !== undefined)
    throw usage("--wasmtime says to use one, and --runtime node not to: leave one of them out");
}
