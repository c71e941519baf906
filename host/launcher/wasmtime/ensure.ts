/** A wasmtime that can serve: one that is there, else one provided now. */
import type { Abi } from "../base/config.js";
import { candidates, examineLine, locateFor, type Suitable } from "./locate.js";
import { type ReleaseLine, lineFor } from "./pinned.js";
import { provide } from "./provide.js";

export interface EnsureOptions {
  /** What it may run, the first before the others; a preview1 module unless told otherwise. */
  abis?: readonly Abi[];
  say: (line: string) => void;
  /** The value of --wasmtime. */
  explicit?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Called just before a while may be spent on providing one. */
  beforeProviding?: () => Promise<void>;
}

/** One that runs modules. @returns its path */
export async function ensureWasmtime(options: Omit<EnsureOptions, "abis">): Promise<string> {
  return (await ensureSuitable(options)).wasmtime;
}

export async function ensureSuitable(options: EnsureOptions): Promise<Suitable> {
  const { abis = ["p1"], say, explicit, signal, beforeProviding } = options;
  const { suitable, notes } = await locateFor(abis, { explicit, signal });
  for (const note of notes) say(note);
  if (suitable !== undefined) return suitable;
  await beforeProviding?.();
  const [abi = "p1"] = abis;
  return { wasmtime: await provide({ line: lineFor(abi), say, signal }), abi };
}

/** One of that line. @returns its path */
export async function ensureLine(line: ReleaseLine, say: (line: string) => void): Promise<string> {
  for (const candidate of candidates()) {
    if ((await examineLine(candidate, line)) === undefined) return candidate.path;
  }
  return provide({ line, say });
}
