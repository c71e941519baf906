/** npm run check: what CI checks before it runs the tests. */
import { build } from "./lib/build.mjs";
import { check } from "./lib/check.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  // The tables in docs/ are compared with what the module says of its options.
  await build({ debug: false, only: "chat" });
  await check();
});
