/** npm pack, and npm install of a git URL: builds what the package ships. */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false });
});
