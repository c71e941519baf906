/** npm pack and npm publish: builds what is shipped. npm install of a git URL does not run it. */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false });
});
