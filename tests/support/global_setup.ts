/**
 * Runs before all tests: builds what the chosen files need, and finds their wasmtimes.
 * TESTED_WASMTIME is the path of the one for modules, TESTED_WASMTIME_48 of the one for components.
 * Few tests use TESTED_WASMTIME_46 and _49, which may be missing. TESTED_COMPILED is the directory
 * of compiled.ts.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { messageOf } from "../../host/launcher/base/errors.js";
import { ensureLine } from "../../host/launcher/wasmtime/ensure.js";
import { type ReleaseLine, LINES } from "../../host/launcher/wasmtime/pinned.js";
import { build } from "../../scripts/lib/build.mjs";
import { say } from "../../scripts/lib/run.mjs";
import { needsOf } from "./needs.js";
import { OTHER_LINES } from "./other_lines.js";

/** Returns what removes the temporary files at the end. */
export async function setup(project: TestProject): Promise<() => void> {
  const compiled = fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-compiled-"));
  process.env["TESTED_COMPILED"] = compiled;
  await provide(project);
  return () => fs.rmSync(compiled, { recursive: true, force: true });
}

async function provide(project: TestProject): Promise<void> {
  // Not public; without it, all that any test needs is made ready.
  const { filenamePattern } = project.vitest as { filenamePattern?: string[] };
  const { testFiles } = await project.globTestFiles(filenamePattern);
  const needs = needsOf(testFiles);
  if (needs.build) await build();
  if (!needs.wasmtimes) return;
  await provideAs("TESTED_WASMTIME", LINES[36]);
  await provideAs("TESTED_WASMTIME_48", LINES[48]);
  for (const number of [46, 49] as const) {
    if (!testFiles.some((file) => speaksOf(number, file))) continue;
    await provideAs(`TESTED_WASMTIME_${number}`, OTHER_LINES[number]).catch((error: unknown) => {
      say(`not tested on wasmtime ${number}: ${messageOf(error)}`);
    });
  }
}

function speaksOf(number: number, file: string): boolean {
  return new RegExp(`(?<!\\d)${number}(?!\\d)`).test(file + fs.readFileSync(file, "utf8"));
}

/** Unless the variable is set. */
async function provideAs(variable: string, line: ReleaseLine): Promise<void> {
  process.env[variable] ||= await ensureLine(line, say);
}
