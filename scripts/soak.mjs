/** npm run soak: sets up what is missing, then runs the server under load. */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false, only: "chat" });
  const soak = /** @type {typeof import("../lab/soak/main.js")} */ (
    await import(String(new URL("../dist/lab/soak/main.js", import.meta.url)))
  );
  await soak.main(process.argv.slice(2));
});
