/** npm run docs: writes the tables of options into the pages that have them. */
import fs from "node:fs";
import { build } from "./lib/build.mjs";
import { optionPages } from "./lib/option_tables.mjs";
import { inRoot } from "./lib/root.mjs";
import { script, say } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false, only: "chat" });
  for (const { file, is, shouldBe } of await optionPages()) {
    if (is === shouldBe) continue;
    fs.writeFileSync(inRoot(file), shouldBe);
    say(`${file} is written anew`);
  }
});
