/** Finds a suitable wasmtime, or provides one. */
import type { Abi } from "../base/config.js";
import { candidates, examineLine, locateFor, type Suitable } from "./locate.js";
import { type ReleaseLine, lineFor } from "./pinned.js";
import { provide } from "./provide.js";

export interface EnsureOptions {
  /** The ABIs that the wasmtime may run, in order of preference. The default is p1 alone. */
  abis?: readonly Abi[];
  say: (line: string) => void;
  /** The value of --wasmtime. */
  explicit?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Called before a wasmtime is provided, which may take a while. */
  beforeProviding?: () => Promise<void>;
}

/**
 * Finds or provides a wasmtime that runs modules.
 *
 * @returns its path
 * @throws UserError
 */
export async function ensureWasmtime(options: Omit<EnsureOptions, "abis">): Promise<string> {
  return (await ensureSuitable(options)).wasmtime;
}

/** Finds a wasmtime for one of the ABIs, or provides one for the first. @throws UserError */
export async function ensureSuitable(options: EnsureOptions): Promise<Suitable> {
  const { abis = ["p1"], say, explicit, signal, beforeProviding } = options;
  const { suitable, notes } = await locateFor(abis, { explicit, signal });
  for (const note of notes) say(note);
  if (suitable !== undefined) return suitable;
  await beforeProviding?.();
  const [abi = "p1"] = abis;
  return { wasmtime: await provide({ line: lineFor(abi), say, signal }), abi };
}

/**
 * Finds or provides a wasmtime of a release line.
 *
 * @returns its path
 * @throws UserError
 */
export async function ensureLine(line: ReleaseLine, say: (line: string) => void): Promise<string> {
  for (const candidate of candidates()) {
    if ((await examineLine(candidate, line)) === undefined) return candidate.path;
  }
  return provide({ line, say });
}
