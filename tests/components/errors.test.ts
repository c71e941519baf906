/** Errors of stdout, which no real host shows before a million of them have leaked. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/lib/root.mjs";
import { temporaryDirectory } from "../support/temporary.js";

const CONNRESET = 15;
const PIPE = 64;
const FAILED = 0;
const CLOSED = 1;
const ERROR = 77;

/**
 * A host whose stdout fails.
 *
 * @param first the call that fails first; those before it go well
 * @returns what the guest makes of it, and the errors it drops
 */
function failing(
  how: number,
  first: "check-write" | "write" | "flush",
): { guest: Record<string, () => number>; dropped: number[] } {
  const module = path.join(temporaryDirectory(), "streams.wasm");
  const asc = path.join(root, "node_modules/assemblyscript/bin/asc.js");
  const source = "tests/components/guest/streams.ts";
  const args = [asc, source, "--target", "echo", "--outFile", module];
  execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  const dropped: number[] = [];
  const answer = (failed: boolean, result: number, at: number): void => {
    const view = new DataView((instance.exports["memory"] as WebAssembly.Memory).buffer);
    view.setUint8(result, failed ? 1 : 0);
    if (!failed) view.setBigUint64(result + 8, 1024n, true);
    else {
      view.setUint8(result + at, how);
      view.setUint32(result + at + 4, ERROR, true);
    }
  };
  const made: Record<string, (...values: number[]) => unknown> = {
    "[method]output-stream.check-write": (_stream, result = 0) =>
      answer(first === "check-write", result, 8),
    "[method]output-stream.write": (_stream, _at, _bytes, result = 0) =>
      answer(first === "write", result, 4),
    "[method]output-stream.flush": (_stream, result = 0) => answer(first === "flush", result, 4),
    "[method]output-stream.blocking-write-and-flush": (_stream, _at, _bytes, result = 0) =>
      answer(true, result, 4),
    "[resource-drop]error": (error = 0) => dropped.push(error),
  };
  const compiled = new WebAssembly.Module(fs.readFileSync(module));
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(compiled)) {
    (imports[from] ??= {})[name] = made[name] ?? (() => 0);
  }
  const instance = new WebAssembly.Instance(compiled, imports);
  (instance.exports["_start"] as () => void)();
  return { guest: instance.exports as Record<string, () => number>, dropped };
}

test.each(["check-write", "write", "flush"] as const)("an error of %s is given back", (first) => {
  const { guest, dropped } = failing(FAILED, first);
  expect(guest["writeSome"]?.()).toBe(-CONNRESET);
  expect(guest["writeAll"]?.()).toBe(-CONNRESET);
  expect(dropped).toEqual([ERROR, ERROR]);
});

test("a stream that is closed has none", () => {
  const { guest, dropped } = failing(CLOSED, "check-write");
  expect(guest["writeSome"]?.()).toBe(-PIPE);
  expect(guest["writeAll"]?.()).toBe(-PIPE);
  expect(dropped).toEqual([]);
});
