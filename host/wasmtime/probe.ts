/**
 * Asks a wasmtime to do the very thing it is needed for.
 *
 * Preview1: the module calls `sock_accept(3, NONBLOCK, 0)` and exits with the errno: 6 (EAGAIN,
 * nobody is connecting) where there is a listener to accept from, and anything else where there is
 * not. WASI 0.2: the component makes a TCP socket, and ends well if it gets one.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { execute, type Executed } from "./execute.js";
import type { Abi } from "./pinned.js";

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

/**
 * The same for components, compressed: most of it is the 21 names of the errors that sockets have,
 * which a component has to repeat. Its source is a module in the world "import
 * wasi:sockets/tcp-create-socket@0.2.0; export wasi:cli/run@0.2.0":
 *
 *     (module
 *       (import "wasi:sockets/tcp-create-socket@0.2.0" "create-tcp-socket"
 *         (func $create (param i32 i32)))
 *       (memory (export "memory") 1)
 *       (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
 *       (func (export "wasi:cli/run@0.2.0#run") (result i32)
 *         (call $create (i32.const 0) (i32.const 8))
 *         (i32.load8_u (i32.const 8))))
 */
export const PROBE_COMPONENT = brotliDecompressSync(
  Buffer.from(
    "G1sJABwJNo50QwunnBGSzML/92Pt3Pdt3RFL3sRLFU0qidlQGTrURERDXZ5sf4FwIpVo6rQl/GwHsGBkBo6p" +
      "zht1ihWJWWFho2jbA2mjK97tZMsZ8VttxhZfJ88FIDRJv/zi8UXOy/m6iPTrdGB0p/xV1nxc8i9DlRRCkolr" +
      "rUF3+wmSvE7tJuPEjpN43bqK0oi2rqyiVNLwWHd1RZdSO+Li6oitdu/SWb2oZE7cRJOOLRmRVtOPRIrUdWwU" +
      "LaOt+6RleRIlFR2i7sWMhEHecUhJKBsdSFx1XSY7aShibfMBOSphRyQKN/XkreamMqm+rCAkStxR0n1YBHNW" +
      "zlF64rYnEtb2oA8kPu0k1cnskCQFs4N2YnTobpEh5yCRXp3XWO5S9D6CcvxHmVM+G3v4/+XpkwGppgN8Sqoo" +
      "U0WulTsVfEtSRdmkrRXXtMPnJAElEcyHLH7iYEU5k2UIsh/ggkGI1pHKk/oDryuta0QF7aGEZQGSp5rNCfxs" +
      "ikzuDsxyonAwuhnD8NWgf3FezgGo5s7UeMyZGZtc4zOp7m0DYGEiEQpOA8/ghNKajjntoShcBuHYO2VF7SKR" +
      "9PhI6ueitniE28kgltu1kOeLsu+MpQqtF4U8y8tlUVeUKPxV6UbMsEexHVcsUzcWV55+/j7BHUNg1K+cCR/0" +
      "CClVTCtCZvYZ2wHk1pFn0meOfaku6ay8EDEp90Qral9J8tQApPXeUSwIk0lYEjeUNDZh8eQef6wI/mU0nl8o" +
      "ovLsouje5sVri4WWhFFQLCWJ1x3WM0krIiwQ1o57P9khZexa2BNiHMzIxMy+sRQFRvK7ZRY7G0Zuj1zmY8S0" +
      "thHBg8bALJ8nuvY3ILnQEmjKmnxH1Na3Hzj4iyXiRNakM/gROHbHdqvMmj6l4U0YV5CIBLNCHhP5YIp1qTr8" +
      "FleMrolE2kDmllZC1bvflo67OsOh1AL9idjnhhikKElFQNH+s01YAPatEGkdzgTlNnu1bhk9qU+I+NMZy8ei" +
      "JyuXyBT6UHzJRYavPeMmd4eE/YUr8oG1PdGU9OkHC1WfFjvCnBFTZHG+/T9yx7bWAA==",
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
  p2: {
    file: "probe.component.wasm",
    content: PROBE_COMPONENT,
    flags: ["-S", "inherit-network"],
    exitCode: 0,
  },
};

/** @returns why it cannot, or undefined when it can */
export async function probe(
  wasmtime: string,
  abi: Abi = "p1",
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { file, content, flags, exitCode } = TRIALS[abi];
  const directory = await mkdtemp(path.join(os.tmpdir(), "pollcast-probe-"));
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
