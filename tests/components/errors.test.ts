/** Trap 9 of docs/platforms.md, which no real host shows before a million errors have leaked. */
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

/** A host whose streams all fail. @returns what the guest makes of it, and the errors it drops */
function failing(how: number): { guest: Record<string, () => number>; dropped: number[] } {
  const module = path.join(temporaryDirectory(), "streams.wasm");
  const asc = path.join(root, "node_modules/assemblyscript/bin/asc.js");
  const source = "tests/components/guest/streams.ts";
  const args = [asc, source, "--target", "echo", "--outFile", module];
  execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  const dropped: number[] = [];
  const fail = (result: number, at: number): void => {
    const view = new DataView((instance.exports["memory"] as WebAssembly.Memory).buffer);
    view.setUint8(result, 1);
    view.setUint8(result + at, how);
    view.setUint32(result + at + 4, ERROR, true);
  };
  const made: Record<string, (...values: number[]) => unknown> = {
    "[method]input-stream.read": (_stream, _length, result = 0) => fail(result, 4),
    "[method]output-stream.check-write": (_stream, result = 0) => fail(result, 8),
    "[method]output-stream.write": (_stream, _at, _bytes, result = 0) => fail(result, 4),
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

test("9: an error of a stream is given back", () => {
  const { guest, dropped } = failing(FAILED);
  for (const call of ["read", "room", "write"]) expect(guest[call]?.()).toBe(-CONNRESET);
  expect(dropped).toEqual([ERROR, ERROR, ERROR]);
});

test("9: a stream that is closed has none", () => {
  const { guest, dropped } = failing(CLOSED);
  expect(guest["read"]?.()).toBe(0);
  for (const call of ["room", "write"]) expect(guest[call]?.()).toBe(-PIPE);
  expect(dropped).toEqual([]);
});

test("what a look has found broken is told to whoever reads next", () => {
  expect(failing(FAILED).guest["readAfterLook"]?.()).toBe(-CONNRESET);
  expect(failing(CLOSED).guest["readAfterLook"]?.()).toBe(0);
});
