/** Names, rooms, private messages and history, as users at plain terminals see them. */
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../host/launcher/base/programs.js";
import { perform } from "./support/stage.js";
import { startProgram } from "./support/server.js";

const SCRIPTS = path.join(packageRoot, "tests/contract/conversations/scripts");

/** Each script is a file; beside it is what its people must see. */
test.each(["eight_people"])("%s", async (name) => {
  const read = (ending: string) => fs.readFileSync(path.join(SCRIPTS, name + ending), "utf8");
  const server = await startProgram("chat", ["--style", "line", "--announce-rate", "0"]);
  const saw = await perform(server, read(".txt"));
  const text = Object.entries(saw).map(([who, lines]) => [`${who} sees`, ...lines, ""].join("\n"));
  expect(text.join("\n")).toBe(read(".seen.txt"));
});
