/** The wasmtimes that tests run modules and components with. */
import path from "node:path";
import { writeProgram } from "./fake_wasmtime.js";
import { temporaryDirectory } from "./temporary.js";

/** 36 runs the modules, 48 the components. */
export type TestedLine = 36 | 48;

/** The path of one; global_setup.ts has seen to it. */
export function wasmtimePath(line: TestedLine = 36): string {
  const variable = { 36: "TESTED_WASMTIME", 48: "TESTED_WASMTIME_48" }[line];
  const path = process.env[variable];
  if (path === undefined) throw new Error(`${variable} is not set: run the tests with vitest`);
  return path;
}

/** A wasmtime whose process may open so many files (`ulimit -n`), for the test under way. */
export function wasmtimeWithFiles(most: number): string {
  const file = path.join(temporaryDirectory(), "wasmtime");
  return writeProgram(file, `#!/bin/sh\nulimit -n ${most}\nexec "${wasmtimePath()}" "$@"\n`);
}
