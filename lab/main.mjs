/** npm run lab -- NAME [OPTION...]: runs a tool of the lab. Without a name it prints the list. */
import { COMMANDS } from "./commands.mjs";
import { Failed, script } from "../scripts/lib/run.mjs";
import { setUp } from "../scripts/lib/setup.mjs";

const EXIT_USAGE = 64;

/** @returns {string} one line for each tool */
function listOfCommands() {
  const names = Object.keys(COMMANDS);
  const width = Math.max(...names.map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}\n`,
  );
  return `npm run lab -- NAME [OPTION...]; NAME --help lists its options\n\n${lines.join("")}`;
}

await script(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined || name === "--help") {
    process.stdout.write(listOfCommands());
    return;
  }
  if (!Object.hasOwn(COMMANDS, name))
    throw new Failed(
      `there is no ${JSON.stringify(name)} in the lab\n${listOfCommands()}`,
      EXIT_USAGE,
    );
  await setUp();
  await COMMANDS[name]?.run(args);
});
