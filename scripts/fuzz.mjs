/** npm run fuzz: builds what is not up to date, and fuzzes the chat. */
import { build } from "./lib/build.mjs";
import { countingChat } from "../lab/fuzz/counting_chat.mjs";
import { inRoot } from "./lib/root.mjs";
import { script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false });
  const load = (/** @type {string} */ name) =>
    import(String(new URL(`../dist/lab/fuzz/${name}.js`, import.meta.url)));
  const edges = /** @type {typeof import("../lab/fuzz/edges.js")} */ (await load("edges"));
  const { main } = /** @type {typeof import("../lab/fuzz/command.js")} */ (await load("command"));
  const places = { corpus: inRoot("tests/lab/fuzz/corpus"), failures: "fuzz-failures" };
  process.exitCode = await main(process.argv.slice(2), places, () => countingChat(edges));
});
