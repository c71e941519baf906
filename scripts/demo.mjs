/** npm run demo:spin, npm run demo:io-models: sets up what is missing, then measures and shows. */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false });
  const demo = /** @type {typeof import("../host/demo/main.js")} */ (
    await import(String(new URL("../dist/demo/main.js", import.meta.url)))
  );
  await demo.main(process.argv.slice(2));
});
