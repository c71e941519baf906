/** A wasmtime that can serve: one that is there, else one provided now. */
import { checkLine } from "./check.js";
import { candidates, locate } from "./locate.js";
import { type Abi, type Line, TESTED_LINES } from "./pinned.js";
import { provide } from "./provide.js";

export interface EnsureOptions {
  /** What it is to run; a preview1 module unless told otherwise. */
  abi?: Abi;
  say: (line: string) => void;
  /** The value of --wasmtime. */
  explicit?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Called just before minutes may be spent on providing one. */
  beforeProviding?: () => Promise<void>;
}

/** @returns its path */
export async function ensureWasmtime(options: EnsureOptions): Promise<string> {
  const { abi = "p1", say, explicit, signal, beforeProviding } = options;
  const { wasmtime, notes } = await locate({ abi, explicit, signal });
  for (const note of notes) say(note);
  if (wasmtime !== undefined) return wasmtime.path;
  await beforeProviding?.();
  return provide({ say, signal });
}

/** One of each line that the tests need, and no other. @returns the paths, by the line's version */
export async function ensureTested(say: (line: string) => void): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  // One after the other: they would only take processors from each other.
  for (const line of TESTED_LINES) paths.set(line.version, await ensureLine(line, say));
  return paths;
}

async function ensureLine(line: Line, say: (line: string) => void): Promise<string> {
  for (const { path } of candidates()) {
    if ((await checkLine(path, line)) === undefined) return path;
  }
  return provide({ line, say });
}
