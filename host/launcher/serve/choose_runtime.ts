/**
 * Chooses the runtime: a wasmtime or Node.
 *
 * A wasmtime is faster, and its process contains nothing but the module. Node is always there. So
 * `auto` takes an installed wasmtime, or else Node, and no start waits for a download. With
 * `--setup`, which npm start gives, it provides a wasmtime first.
 */
import type { Abi, ServeOptions } from "../base/config.js";
import { usage, UserError } from "../base/errors.js";
import type { LogLevel } from "../guest/log.js";
import { ensureSuitable } from "../wasmtime/ensure.js";
import { COMPONENT_LINE, locateFor, MODULE_LINE, type Suitable } from "../wasmtime/locate.js";
import { provide } from "../wasmtime/provide.js";

type RuntimeOptions = Pick<ServeOptions, "runtime" | "wasmtime" | "setup" | "proxyFrom" | "abi">;

export interface ChooseOptions {
  /** The forms that may be served, in order of preference. */
  abis: readonly Abi[];
  say: (line: string, level?: LogLevel) => void;
  signal: AbortSignal;
  /** Called before a wasmtime is provided, which may take a while. */
  beforeProviding: () => Promise<void>;
}

/** The log line for a start on Node without a wasmtime. */
export const NO_WASMTIME = "no supported wasmtime at hand: serving on Node";
/** The remedy that follows this line. */
export const GET_WASMTIME = "pollcast setup provides one";

/**
 * Returns a wasmtime and the form that it runs, or undefined for Node, which runs the module.
 *
 * @throws UserError if the options require a runtime that is not available
 */
export async function chooseRuntime(
  choice: RuntimeOptions,
  options: ChooseOptions,
): Promise<Suitable | undefined> {
  const { runtime, wasmtime: explicit } = choice;
  const { abis, say, signal } = options;
  if (runtime === "node" && !abis.includes("p1"))
    throw usage("a component runs on wasmtime alone: leave --runtime node out");
  if (runtime === "node") return undefined;
  if (choice.proxyFrom !== undefined) {
    say("serving on Node, where alone it is known who connects (--proxy-from)");
    return undefined;
  }
  if (runtime === "wasmtime") return ensureSuitable({ explicit, ...options });
  const { suitable, notes } = await locateFor(abis, { explicit, signal });
  for (const note of notes) say(note);
  if (suitable !== undefined) return suitable;
  if (!abis.includes("p1")) {
    if (choice.setup === true) return ensureSuitable({ explicit, ...options });
    throw new UserError(
      "E_WASMTIME_UNAVAILABLE",
      `no wasmtime at hand runs components (--abi p3): ${COMPONENT_LINE} provides one`,
    );
  }
  if (choice.setup === true) return provideIfPossible(options);
  const why = choice.abi === "p1" ? await noModules(signal) : `${NO_WASMTIME} (${GET_WASMTIME})`;
  say(why, "warning");
  return undefined;
}

/**
 * Returns the log line for --abi p1 without a suitable wasmtime. It mentions a wasmtime that runs
 * the component.
 */
async function noModules(signal: AbortSignal): Promise<string> {
  const { suitable } = await locateFor(["p3"], { signal });
  const serving = "no wasmtime at hand runs the module (--abi p1): serving on Node";
  const component =
    suitable === undefined ? "" : `; --abi p3 would serve the component on ${suitable.wasmtime}`;
  return `${serving} (${MODULE_LINE} provides one${component})`;
}

/** Provides a wasmtime. Returns undefined if that fails, after it has logged why. */
async function provideIfPossible(options: ChooseOptions): Promise<Suitable | undefined> {
  const { say, signal, beforeProviding } = options;
  await beforeProviding();
  try {
    return { wasmtime: await provide({ say, signal }), abi: "p1" };
  } catch (error) {
    if (signal.aborted || !(error instanceof UserError)) throw error;
    say(error.message, "warning");
    say("serving on Node instead", "warning");
    return undefined;
  }
}
