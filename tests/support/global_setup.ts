/**
 * Before any test: what is tested is built and up to date, and the wasmtimes are at hand. Tests
 * find the path of the one that runs everything in TESTED_WASMTIME, that of the newer line, which
 * runs components alone, in TESTED_WASMTIME_48.
 */
import { ensureTested } from "../../host/wasmtime/ensure.js";
import { LINES } from "../../host/wasmtime/pinned.js";
import { build } from "../../scripts/lib/build.mjs";
import { say } from "../../scripts/lib/run.mjs";

export async function setup(): Promise<void> {
  await build();
  const paths = await ensureTested(say);
  process.env["TESTED_WASMTIME"] = paths.get(LINES[36].version);
  process.env["TESTED_WASMTIME_48"] = paths.get(LINES[48].version);
}
