/** npm run bench: sets up what is missing, then measures. */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false });
  const bench = await import("../lab/bench/main.mjs");
  await bench.main(process.argv.slice(2));
});
