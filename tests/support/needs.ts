/**
 * Finds out what test files need before they run, from them and from the files that they import.
 */
import fs from "node:fs";
import path from "node:path";
import { packageRoot } from "../../host/launcher/base/programs.js";

const IMPORT = /(?:from|import\()\s*"(\.{1,2}\/[^"]+)"/g;
/** A file that names a folder of built files reads some of them. */
const BUILT = /["`/](?:build|dist)["`/]/;
/** Modules that are imported by every file that needs the programs, or a wasmtime. */
const PROGRAMS = "host/bootstrap/programs.mjs";
const WASMTIMES = "tests/support/wasmtime.ts";

export interface Needs {
  /** True if the programs must be built. */
  build: boolean;
  /** The wasmtimes that are tested have to be at hand. */
  wasmtimes: boolean;
}

export function needsOf(files: readonly string[]): Needs {
  const needs = { build: false, wasmtimes: false };
  const found = new Set<string>(files);
  // A set goes on with what is added while it is gone through.
  for (const file of found) {
    const relative = path.relative(packageRoot, file);
    needs.build ||= relative === PROGRAMS;
    needs.wasmtimes ||= relative === WASMTIMES;
    if (!/\.(ts|mjs)$/.test(file)) continue;
    const text = fs.readFileSync(file, "utf8");
    needs.build ||= BUILT.test(text);
    for (const [, name = ""] of text.matchAll(IMPORT)) {
      const imported = path.resolve(path.dirname(file), name.replace(/\.js$/, ".ts"));
      if (fs.existsSync(imported)) found.add(imported);
    }
  }
  return needs;
}
