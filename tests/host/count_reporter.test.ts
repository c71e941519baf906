import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../host/programs.js";
import { temporaryDirectory } from "../support/temporary.js";

/** Runs a file of tests, and gives the last line of what was printed. */
function lastLine(source: string): { code: number | null; line: string | undefined } {
  const root = temporaryDirectory();
  writeFileSync(path.join(root, "vitest.config.mjs"), "export default {};");
  writeFileSync(path.join(root, "some.test.js"), source);
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      path.join(packageRoot, "node_modules/vitest/vitest.mjs"),
      ...["run", "--root", root, "--globals", "--reporter", "default"],
      ...["--reporter", path.join(packageRoot, "tests/support/count_reporter.ts")],
    ],
    { encoding: "utf8", env: { PATH: process.env["PATH"] } },
  );
  return { code: status, line: stdout.trimEnd().split("\n").at(-1) };
}

test.each([
  ["test('a', () => {}); test('b', () => {})", 0, "2 passed, 0 failed"],
  ["test('a', () => {}); test('b', () => { throw 1 })", 1, "1 passed, 1 failed"],
  ["test('a', () => {}); test.skip('b', () => {})", 0, "1 passed, 0 failed, 1 skipped"],
  ["throw new Error('this file does not load')", 1, "0 passed, 1 failed"],
  [
    "test('a', () => new Promise((end) => { setTimeout(end, 50); setTimeout(() => { throw 1 }) }))",
    1,
    "1 passed, 1 failed",
  ],
])("the run of %j ends with its count", (source, code, line) => {
  expect(lastLine(source)).toEqual({ code, line });
});
