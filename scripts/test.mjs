/**
 * npm test: installs and builds what is missing, runs the checks and the tests. Arguments go to
 * Vitest.
 */
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
  // An empty message keeps Vitest's count of tests the last line.
  if (code !== 0) throw new Failed("", code);
});
