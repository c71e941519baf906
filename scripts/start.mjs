/**
 * npm start: installs and builds what is missing, provides a wasmtime, and serves.
 *
 * The launcher runs in this process, so that a signal to npm reaches the launcher directly.
 */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  // The component is built only with --abi: it takes as long as everything else, and the default
  // wasmtime runs the module.
  const components = process.argv.some((word) => word.startsWith("--abi"));
  await build({ debug: false, components, only: "chat" });
  const cli = /** @type {typeof import("../host/launcher/cli.js")} */ (
    await import(String(new URL("../dist/host/launcher/cli.js", import.meta.url)))
  );
  await cli.main(["serve", "--setup", ...process.argv.slice(2)]);
});
