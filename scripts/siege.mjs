/** npm run siege: sets up what is missing, then lets honest people stand a siege. */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false, only: "chat" });
  const siege = /** @type {typeof import("../lab/siege/main.js")} */ (
    await import(String(new URL("../dist/lab/siege/main.js", import.meta.url)))
  );
  await siege.main(process.argv.slice(2));
});
