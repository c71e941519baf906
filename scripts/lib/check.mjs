/** Formatting, lint and types; all three are run, so that one round shows everything. */
import { Failed, run } from "./run.mjs";

const CHECKS = [
  ["prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."],
  ["eslint/bin/eslint.js", "--max-warnings", "0", "host", "bench", "scripts", "tests", "bin"],
  ["typescript/bin/tsc", "-p", "tsconfig.json"],
];

export async function check() {
  /** @type {string[]} */
  const failed = [];
  for (const [tool = "", ...args] of CHECKS) {
    const code = await run(process.execPath, [`node_modules/${tool}`, ...args]);
    if (code !== 0) failed.push(tool.split("/")[0] ?? tool);
  }
  if (failed.length > 0) throw new Failed(`check failed: ${failed.join(", ")}`);
}
