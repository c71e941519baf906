/** npm test: sets up what is missing, checks, and runs the tests (arguments go to Vitest). */
import { build } from "./lib/build.mjs";
import { check } from "./lib/check.mjs";
import { mustRun, script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build();
  // Before the checks, since it may take minutes and needs the network: a machine without it should say so first.
  const { ensureWasmtime } = await import("../dist/wasmtime/ensure.js");
  await ensureWasmtime();
  await check();
  await mustRun(process.execPath, [
    "node_modules/vitest/vitest.mjs",
    "run",
    ...process.argv.slice(2),
  ]);
});
