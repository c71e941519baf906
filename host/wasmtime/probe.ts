/**
 * Asks a wasmtime to do the very thing it is needed for: accept, from a preview1 module, on a
 * listener.
 *
 * The module calls `sock_accept(3, NONBLOCK, 0)` and exits with the errno: 6 (EAGAIN, nobody is
 * connecting) where there is a listener to accept from, and anything else where there is not.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execute, type Executed } from "./execute.js";

const ERRNO_AGAIN = 6;

/** Kept as text so that no build is needed to find out whether one can run. Its source:
 *
 *     (module
 *       (import "wasi_snapshot_preview1" "sock_accept"
 *         (func $accept (param i32 i32 i32) (result i32)))
 *       (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
 *       (memory (export "memory") 1)
 *       (func (export "_start")
 *         (call $exit (call $accept (i32.const 3) (i32.const 4) (i32.const 0)))))
 */
export const PROBE_MODULE = Buffer.from(
  "0061736d01000000010f0360037f7f7f017f60017f0060000002490216776173695f736e617073686f745f70" +
    "726576696577310b736f636b5f616363657074000016776173695f736e617073686f745f7072657669657731" +
    "0970726f635f657869740001030201020503010001071302066d656d6f72790200065f737461727400020a0e" +
    "010c00410341044100100010010b",
  "hex",
);

/** @returns why it cannot, or undefined when it can */
export async function probe(wasmtime: string, signal?: AbortSignal): Promise<string | undefined> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "pollcast-probe-"));
  try {
    const module = path.join(directory, "probe.wasm");
    await writeFile(module, PROBE_MODULE);
    const flags = ["-S", "preview2=n", "-S", "tcplisten=127.0.0.1:0", "-C", "cache=n"];
    const done = await execute(wasmtime, ["run", ...flags, module], signal ? { signal } : {});
    return done.code === ERRNO_AGAIN ? undefined : reason(done);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function reason({ code, signal, stderr, failure }: Executed): string {
  if (failure !== undefined) return failure;
  const line = stderr.trim().split("\n")[0] ?? "";
  const end = signal === null ? `code ${code ?? "unknown"}` : `signal ${signal}`;
  return line === "" ? `a trial run ended with ${end}` : `a trial run ended with ${end}: ${line}`;
}
