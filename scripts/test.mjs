/** npm test: sets up what is missing, checks, and runs the tests (arguments go to Vitest). */
import { build } from "./lib/build.mjs";
import { check } from "./lib/check.mjs";
import { Failed, run, script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build();
  await check();
  const vitest = ["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)];
  const code = await run(process.execPath, vitest);
  // The last line stays the count of tests.
  if (code !== 0) throw new Failed("", code);
});
