/** npm run sim: builds what is not up to date, and plays worlds. */
import { build } from "./lib/build.mjs";
import { buildProbed, PROBED_CORE, PROBED_MODULE } from "../lab/sim/probed.mjs";
import { inRoot } from "./lib/root.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false, only: "chat" });
  await buildProbed();
  const sim = /** @type {typeof import("../lab/sim/command.js")} */ (
    await import(String(new URL("../dist/lab/sim/command.js", import.meta.url)))
  );
  process.exitCode = await sim.main(
    process.argv.slice(2),
    { module: inRoot(PROBED_MODULE), core: inRoot(PROBED_CORE) },
    inRoot("build/sim"),
  );
});
