/**
 * Compiles modules and components ahead of time, once in a run of the tests: wasmtime needs up to a
 * second of processor time for each, and tests start hundreds of guests.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** The paths of compiled files that this process knows, by what they were made from. */
const known = new Map<string, string>();

/**
 * Returns the path of the compiled form of a file, in the directory that global_setup.ts made.
 *
 * @param wasmtime the path of the wasmtime that will run it
 * @throws Error if wasmtime cannot compile the file
 */
export function compiledForm(wasmtime: string, file: string): string {
  const { mtimeMs } = fs.statSync(file);
  const origin = `${wasmtime}\n${file}\n${mtimeMs}`;
  const found = known.get(origin) ?? compile(wasmtime, file, origin);
  known.set(origin, found);
  return found;
}

function compile(wasmtime: string, file: string, origin: string): string {
  const directory = process.env["TESTED_COMPILED"];
  if (directory === undefined)
    throw new Error("TESTED_COMPILED is not set: run the tests with vitest");
  const name = createHash("sha256").update(origin).digest("hex");
  const compiled = path.join(directory, `${name}.cwasm`);
  if (fs.existsSync(compiled)) return compiled;
  // Another process may compile the same file: whichever is last replaces an equal file.
  const draft = `${compiled}.${process.pid}`;
  execFileSync(wasmtime, ["compile", "-C", "cache=n", file, "-o", draft], { stdio: "pipe" });
  fs.renameSync(draft, compiled);
  return compiled;
}
