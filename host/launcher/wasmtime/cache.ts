/**
 * Where we keep the wasmtime we provide: one directory per version, which is there whole or not at
 * all.
 */
import os from "node:os";
import path from "node:path";

export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env["XDG_CACHE_HOME"] ?? "";
  // The XDG specification: a relative path is to be ignored.
  const base = path.isAbsolute(xdg) ? xdg : path.join(env["HOME"] || os.homedir(), ".cache");
  return path.join(base, "pollcast");
}

export function providedDirectory(env: NodeJS.ProcessEnv | undefined, version: string): string {
  return path.join(cacheDirectory(env), `wasmtime-${version}`);
}

export function providedBinary(env: NodeJS.ProcessEnv | undefined, version: string): string {
  return path.join(providedDirectory(env, version), "bin", "wasmtime");
}
