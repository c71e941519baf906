/** npm run check: what CI checks before it runs the tests. */
import { check } from "./lib/check.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await check();
});
