/** Checks formatting, lint, types, and the generated pages. All checks run, even if one fails. */
import { generatedPages } from "./generated_pages.mjs";
import { Failed, run, say } from "./run.mjs";

const LINTED = ["host", "lab", "scripts", "library", "site", "tests", "bin"];
/** Two lists of checks of about the same duration, which run in parallel. */
const ROUNDS = [
  [["eslint/bin/eslint.js", "--max-warnings", "0", ...LINTED]],
  [
    ["prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."],
    ["typescript/bin/tsc", "-p", "tsconfig.json"],
    // Checks the code of the pages without Node's types.
    ["typescript/bin/tsc", "-p", "site/src/tsconfig.json"],
  ],
];

export async function check() {
  const failed = (await Promise.all(ROUNDS.map(failuresOf))).flat();
  for (const { file, is, shouldBe } of await generatedPages()) {
    if (is === shouldBe) continue;
    say(`${file} is not what the code says: npm run docs`);
    failed.push(file);
  }
  if (failed.length > 0) throw new Failed(`check failed: ${failed.join(", ")}`);
}

/**
 * Runs tools one after the other.
 *
 * @param {readonly (readonly string[])[]} tools path in node_modules, and arguments
 * @returns the names of those that failed
 */
async function failuresOf(tools) {
  /** @type {string[]} */
  const failed = [];
  for (const [tool = "", ...args] of tools) {
    const code = await run(process.execPath, [`node_modules/${tool}`, ...args]);
    if (code !== 0) failed.push(tool.split("/")[0] ?? tool);
  }
  return failed;
}
