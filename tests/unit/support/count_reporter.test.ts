import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../host/launcher/base/programs.js";
import { temporaryDirectory } from "../../support/temporary.js";

/** Runs a file of tests, and gives the last line of what was printed. */
function lastLine(source: string): { code: number | null; line: string | undefined } {
  const { code, lines } = printed({ "some.test.js": source });
  return { code, line: lines.at(-1) };
}

/** Runs test files. @returns the output */
function printed(
  files: Record<string, string>,
  env: Record<string, string> = {},
): { code: number | null; lines: string[] } {
  const root = temporaryDirectory();
  writeFileSync(path.join(root, "vitest.config.mjs"), "export default {};");
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), source);
  }
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      path.join(packageRoot, "node_modules/vitest/vitest.mjs"),
      ...["run", "--root", root, "--globals", "--reporter", "default"],
      ...["--reporter", path.join(packageRoot, "tests/support/count_reporter.ts")],
    ],
    { encoding: "utf8", env: { PATH: process.env["PATH"], ...env } },
  );
  return { code: status, lines: stdout.trimEnd().split("\n") };
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

test("what every platform must do is counted for each of them", () => {
  const two = "test('a', () => {}); test('b', () => {})";
  const { lines } = printed({
    "tests/contract/conversations/chat.test.js": `${two}; test.skip('c', () => {})`,
    "tests/contract/components/chat_48.test.js": two,
    "tests/contract/components/programs_48.test.js": two,
    "tests/contract/components/traps_48.test.js": two,
    "tests/contract/node/selectors.test.js": "test('a', () => { throw 1 })",
  });
  expect(lines.slice(-4)).toEqual([
    "modules on wasmtime 36: 2 passed, 0 failed, 1 skipped",
    "modules on Node: 0 passed, 1 failed",
    "components on wasmtime 48: 4 passed, 0 failed",
    "8 passed, 1 failed, 1 skipped",
  ]);
});

test("the files of a process that a signal ended are left to run again, and then counted", () => {
  const report = path.join(temporaryDirectory(), "crashed.json");
  const env = { TESTS_CRASHED: report };
  const wait = "await new Promise((end) => setTimeout(end, 500));";
  const files = {
    "tests/contract/node/chat.test.js": "test('a', () => {}); test('b', () => {})",
    "other.test.js": `test('c', async () => { ${wait} process.kill(process.pid, 'SIGSEGV') })`,
  };
  const crashed = printed(files, env);
  expect(crashed.code).toBe(1);
  expect(crashed.lines.at(-1)).toBe("2 passed, 1 failed, 1 skipped");
  const left = JSON.parse(readFileSync(report, "utf8")) as { signals: string[]; files: string[] };
  expect(left.signals).toEqual(["SIGSEGV"]);
  expect(left.files.map((file) => path.basename(file))).toEqual(["other.test.js"]);
  const again = printed({ "other.test.js": "test('c', () => {})" }, env);
  expect(again.code).toBe(0);
  expect(again.lines.slice(-2)).toEqual([
    "modules on Node: 2 passed, 0 failed",
    "3 passed, 0 failed",
  ]);
});

test("a file whose process ended while it was loaded is left to run again", () => {
  const report = path.join(temporaryDirectory(), "crashed.json");
  const files = {
    "some.test.js": "test('a', () => {})",
    "other.test.js": "process.kill(process.pid, 'SIGSEGV'); test('b', () => {})",
  };
  expect(printed(files, { TESTS_CRASHED: report }).code).toBe(1);
  const left = JSON.parse(readFileSync(report, "utf8")) as { files: string[] };
  expect(left.files.map((file) => path.basename(file))).toEqual(["other.test.js"]);
});

test("a failure beside a process that a signal ended is final", () => {
  const report = path.join(temporaryDirectory(), "crashed.json");
  const files = {
    "some.test.js": "test('a', () => { throw 1 })",
    "other.test.js": "test('b', () => process.kill(process.pid, 'SIGSEGV'))",
  };
  expect(printed(files, { TESTS_CRASHED: report }).code).toBe(1);
  expect(existsSync(report)).toBe(false);
});
