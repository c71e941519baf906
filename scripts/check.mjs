/** npm run check: runs the checks that CI runs before the tests. */
import { build } from "./lib/build.mjs";
import { check } from "./lib/check.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  // The tables in docs/ are compared with the options that the module prints.
  await build({ debug: false, only: "chat" });
  await check();
});
