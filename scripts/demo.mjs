/** npm run demo:spin, demo:io-models, demo:restart: sets up what is missing, measures, shows. */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false });
  const demo = /** @type {typeof import("../lab/demo/main.js")} */ (
    await import(String(new URL("../dist/lab/demo/main.js", import.meta.url)))
  );
  await demo.main(process.argv.slice(2));
});
