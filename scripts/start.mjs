/**
 * npm start: sets up what is missing, wasmtime included, then serves.
 *
 * The server's launcher runs in this very process: with no layer between npm and it, a signal sent
 * to either arrives where it is understood.
 */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  // Compiling it takes as long as all the rest, and the module is what a wasmtime is provided for.
  const components = process.argv.some((word) => word.startsWith("--abi"));
  await build({ debug: false, components, only: "chat" });
  const cli = /** @type {typeof import("../host/launcher/cli.js")} */ (
    await import(String(new URL("../dist/host/launcher/cli.js", import.meta.url)))
  );
  await cli.main(["serve", "--setup", ...process.argv.slice(2)]);
});
