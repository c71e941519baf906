/** npm run docs: writes the generated tables into the pages that have them. */
import fs from "node:fs";
import { build } from "./lib/build.mjs";
import { generatedPages } from "./lib/generated_pages.mjs";
import { inRoot } from "./lib/root.mjs";
import { script, say } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build({ debug: false, only: "chat" });
  for (const { file, is, shouldBe } of await generatedPages()) {
    if (is === shouldBe) continue;
    fs.writeFileSync(inRoot(file), shouldBe);
    say(`${file} is written anew`);
  }
});
