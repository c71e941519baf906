/** npm run kills: sets up what is missing, then kills a server that keeps its chat. */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false, only: "chat" });
  const kills = /** @type {typeof import("../lab/kills/main.js")} */ (
    await import(String(new URL("../dist/lab/kills/main.js", import.meta.url)))
  );
  await kills.main(process.argv.slice(2));
});
