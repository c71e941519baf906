/**
 * A scripted host for components: it performs the calls that a test defines, and ignores all
 * others.
 */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "../../../../scripts/lib/root.mjs";

/** By name: a call with its numbers. */
export type Calls = Record<string, (...values: number[]) => unknown>;

/** Calls that answer with 64 bits. */
const LONG = /^now$|^\[stream-new-/;

/** @param source a guest @returns its core module, with the exports that it declares */
export function compileGuest(source: string): WebAssembly.Module {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-test-"));
  const module = path.join(directory, "guest.wasm");
  const asc = path.join(root, "node_modules/assemblyscript/bin/asc.js");
  const args = [asc, source, "--target", "echo", "--outFile", module];
  try {
    execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
    return new WebAssembly.Module(fs.readFileSync(module));
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

/**
 * @param calls the host's functions by name; all others return 0
 * @returns the guest's exports, and its memory
 */
export function instantiate(module: WebAssembly.Module, calls: Calls) {
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = (...values: (number | bigint)[]) =>
      calls[name]?.(...values.map(Number)) ?? (LONG.test(name) ? 0n : 0);
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  (exports["_start"] as () => void)();
  const memory = () => new DataView((exports["memory"] as WebAssembly.Memory).buffer);
  return { guest: exports as Record<string, () => number>, memory };
}
