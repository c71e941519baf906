/** Formatting, lint, types, and pages made from the code: all are looked at, in one round. */
import { generatedPages } from "./generated_pages.mjs";
import { Failed, run, say } from "./run.mjs";

const LINTED = ["host", "lab", "scripts", "library", "site", "tests", "bin"];
const CHECKS = [
  ["prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."],
  ["eslint/bin/eslint.js", "--max-warnings", "0", ...LINTED],
  ["typescript/bin/tsc", "-p", "tsconfig.json"],
  // What runs in a page: without Node's types.
  ["typescript/bin/tsc", "-p", "site/src/tsconfig.json"],
];

export async function check() {
  /** @type {string[]} */
  const failed = [];
  for (const [tool = "", ...args] of CHECKS) {
    const code = await run(process.execPath, [`node_modules/${tool}`, ...args]);
    if (code !== 0) failed.push(tool.split("/")[0] ?? tool);
  }
  for (const { file, is, shouldBe } of await generatedPages()) {
    if (is === shouldBe) continue;
    say(`${file} is not what the code says: npm run docs`);
    failed.push(file);
  }
  if (failed.length > 0) throw new Failed(`check failed: ${failed.join(", ")}`);
}
