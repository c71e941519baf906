/**
 * The paths in the cache directory of pollcast. Each provided version of wasmtime has a directory,
 * which appears by a rename, so it is complete.
 */
import os from "node:os";
import path from "node:path";

/** Returns the cache directory: pollcast below $XDG_CACHE_HOME, or below ~/.cache. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env["XDG_CACHE_HOME"] ?? "";
  // The XDG specification says to ignore a relative path.
  const base = path.isAbsolute(xdg) ? xdg : path.join(env["HOME"] || os.homedir(), ".cache");
  return path.join(base, "pollcast");
}

/** Returns the directory of a provided version. */
export function providedDirectory(env: NodeJS.ProcessEnv | undefined, version: string): string {
  return path.join(cacheDirectory(env), `wasmtime-${version}`);
}

/** Returns the path of the program of a provided version. */
export function providedBinary(env: NodeJS.ProcessEnv | undefined, version: string): string {
  return path.join(providedDirectory(env, version), "bin", "wasmtime");
}
