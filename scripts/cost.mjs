/** npm run cost: sets up what is missing, then times single calls in and out of the sandbox. */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false, only: "chat" });
  const cost = await import("../lab/bench/cost/main.mjs");
  await cost.main(process.argv.slice(2));
});
