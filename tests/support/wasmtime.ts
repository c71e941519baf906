/** The wasmtime that tests run modules with. */
import path from "node:path";
import { writeProgram } from "./fake_wasmtime.js";
import { temporaryDirectory } from "./temporary.js";

/** Its path; global_setup.ts has seen to it. */
export function wasmtimePath(): string {
  const path = process.env["TESTED_WASMTIME"];
  if (path === undefined) throw new Error("TESTED_WASMTIME is not set: run the tests with vitest");
  return path;
}

/** A wasmtime whose process may open so many files (`ulimit -n`), for the test under way. */
export function wasmtimeWithFiles(most: number): string {
  const file = path.join(temporaryDirectory(), "wasmtime");
  return writeProgram(file, `#!/bin/sh\nulimit -n ${most}\nexec "${wasmtimePath()}" "$@"\n`);
}
