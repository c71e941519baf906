/** npm run profile: sets up what is missing, then shows where the server's time goes. */
import { build } from "./lib/build.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false, only: "chat" });
  const profile = await import("../lab/bench/profile.mjs");
  await profile.main(process.argv.slice(2));
});
