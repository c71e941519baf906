/**
 * Probes a wasmtime with a small program that does what serving needs.
 *
 * Preview1: the module calls `sock_accept(3, NONBLOCK, 0)` and exits with the errno. With a working
 * listener, that is 6 (EAGAIN, no client is connecting). WASI 0.3: the component creates a TCP
 * socket, and exits with 0 if it gets one.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { execute, type Executed } from "./execute.js";
import type { Abi } from "../base/config.js";

const ERRNO_AGAIN = 6;
/** The result if the probe could not be run. */
export const UNTRIED = Symbol("untried");

/**
 * The probe for modules. It is kept as bytes, so that a wasmtime can be checked before anything is
 * built. Its source:
 *
 *      (module
 *        (import "wasi_snapshot_preview1" "sock_accept"
 *          (func $accept (param i32 i32 i32) (result i32)))
 *        (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
 *        (memory (export "memory") 1)
 *        (func (export "_start")
 *          (call $exit (call $accept (i32.const 3) (i32.const 4) (i32.const 0)))))
 */
export const PROBE_MODULE = Buffer.from(
  "0061736d01000000010f0360037f7f7f017f60017f0060000002490216776173695f736e617073686f745f70" +
    "726576696577310b736f636b5f616363657074000016776173695f736e617073686f745f7072657669657731" +
    "0970726f635f657869740001030201020503010001071302066d656d6f72790200065f737461727400020a0e" +
    "010c00410341044100100010010b",
  "hex",
);

/**
 * The probe for components, compressed. Most of it is the names of the socket errors, which a
 * component has to repeat. Its source is a module in the world "import wasi:sockets/types@0.3.0;
 * export wasi:cli/run@0.3.0", reduced to the parts of the interface that it uses:
 *
 *      (module
 *        (import "wasi:sockets/types@0.3.0" "[static]tcp-socket.create"
 *          (func $create (param i32 i32)))
 *        (memory (export "memory") 1)
 *        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
 *        (func (export "wasi:cli/run@0.3.0#run") (result i32)
 *          (call $create (i32.const 0) (i32.const 8))
 *          (i32.load8_u (i32.const 8))))
 */
export const PROBE_COMPONENT = brotliDecompressSync(
  Buffer.from(
    "G8kEAIzDuLHbPboYNDFCkk54nta09/7MQoHATrI9csdGEm9TAhmhz7tb3DZiwBO0cndk4JwDzAfgCa9YVRRRWo3l" +
      "x2MVpZ7wB10djG02gta3om2qd87qE6Pv8K2dzyDNv+S7yczk3Y+r0hIb/epJzyP3+eFZsbzILBAWC4JiZkNCR7de" +
      "z82AvFO4iL3gMHNx2QtNfpjvI7+iAoraDbwchiQLlwCv8Ydab4IZAbrnJmDZME0xLYtoME3AbFO6iWW0X8Di8NLP" +
      "I8aZ0bNuEb6wPK4pyRcYAR+E+X1I+9XllYTC4S2yl6puvoXSU5rp1gNVxEJMZCaJ5xWKqVW/sQdPra184yyB4UGT" +
      "2fjw9wd53AsGYdw4tZM7sv74rfV3o/x2OJI+fLMNzsFW4X/51s4FXExfYzzmax4f1uf4K47jhQrKtHwRSCmMKonN" +
      "k1RHKC2Y/vGN9mgOEf8lw1Xt4cz3ax1RL/fo6igxuRQJpmZ4y9t2/hxZYIrhRNK7663TH+Ls4YX+zjz2vSThnqYb" +
      "HM+vZfMcHVL7UArJlVdqMx920B6/QcbJ5IxT7J+5b1kwicmRRepGELt4GUpTm0Bv5qL1tIRBX1NHcJyxF/WcNLl2" +
      "kG//9qHQQVomGjndKVlXXA9DcL/RiKatndSw3yJLbIbaEYST8sW0YckiTRun8B6stwVjEJDaWjBHfn1zYUkTmVwW" +
      "zGENKHLEH2VRax9iTE3xUv0f0FStCoosT63Lon1GRsgE",
    "base64",
  ),
);

interface Trial {
  file: string;
  content: Uint8Array;
  flags: readonly string[];
  exitCode: number;
}

const TRIALS: Record<Abi, Trial> = {
  p1: {
    file: "probe.wasm",
    content: PROBE_MODULE,
    flags: ["-S", "preview2=n", "-S", "tcplisten=127.0.0.1:0"],
    exitCode: ERRNO_AGAIN,
  },
  p3: {
    file: "probe.component.wasm",
    content: PROBE_COMPONENT,
    flags: ["-S", "inherit-network"],
    exitCode: 0,
  },
};

/** The reason why a wasmtime cannot run an ABI, or undefined if it can. */
type Trouble = string | undefined;

/**
 * Runs the probe.
 *
 * @returns the reason why it failed, undefined if it passed, or UNTRIED if there is no directory
 *   for temporary files
 */
export async function probe(
  wasmtime: string,
  abi: Abi = "p1",
  signal?: AbortSignal,
): Promise<Trouble | typeof UNTRIED> {
  const { file, content, flags, exitCode } = TRIALS[abi];
  const directory = await mkdtemp(path.join(os.tmpdir(), "pollcast-probe-")).catch(() => undefined);
  if (directory === undefined) return UNTRIED;
  try {
    const module = path.join(directory, file);
    await writeFile(module, content);
    const args = ["run", ...flags, "-C", "cache=n", module];
    const done = await execute(wasmtime, args, signal ? { signal } : {});
    return done.code === exitCode ? undefined : reason(done);
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
