/** A wasmtime that can serve: one that is there, else one provided now. */
import { locate } from "./locate.js";
import { provide } from "./provide.js";

export interface EnsureOptions {
  say: (line: string) => void;
  /** The value of --wasmtime. */
  explicit?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Called just before minutes may be spent on providing one. */
  beforeProviding?: () => Promise<void>;
}

/** @returns its path */
export async function ensureWasmtime(options: EnsureOptions): Promise<string> {
  const { say, explicit, signal, beforeProviding } = options;
  const { wasmtime, notes } = await locate({ explicit, signal });
  for (const note of notes) say(note);
  if (wasmtime !== undefined) return wasmtime.path;
  await beforeProviding?.();
  return provide({ say, signal });
}
