/** Builds wasmtime from crates.io with the machine's cargo, which takes many minutes. */
import { spawn } from "node:child_process";
import { UserError } from "../base/errors.js";
import type { ReleaseLine } from "./pinned.js";

/**
 * The features that serving and `lab -- profile` need, WASI 0.3 among them; the default set takes
 * two minutes longer and doubles the size.
 */
const FEATURES = [
  ...["run", "compile", "cranelift", "parallel-compilation", "cache", "demangle", "logging"],
  ...["component-model", "component-model-async", "profiling"],
];

export interface CargoOptions {
  line: ReleaseLine;
  /** Becomes the installation: bin/wasmtime in it. */
  into: string;
  /** Kept by the caller until a build succeeds: the next attempt goes on where this one was. */
  targetDirectory: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/** cargo tells its progress, and what it lacks, by itself. */
export async function installWithCargo(options: CargoOptions): Promise<void> {
  const { line, into, targetDirectory, env, signal } = options;
  const child = spawn(
    "cargo",
    [
      ...["install", "wasmtime-cli", "--version", line.version, "--locked"],
      ...["--no-default-features", "--features", FEATURES.join()],
      ...["--root", into, "--target-dir", targetDirectory],
    ],
    { stdio: ["ignore", 2, 2], env, detached: true },
  );
  const end = (): void => killGroup(child.pid);
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  // Its own group does not hear a Ctrl-C, nor does it end with us: both are ours to pass on.
  process.once("exit", end);
  const why = await new Promise<string | undefined>((resolve) => {
    child.once("close", (code) => resolve(code === 0 ? undefined : `code ${code ?? "unknown"}`));
    child.once("error", (error) => resolve(error.message));
  });
  process.off("exit", end);
  signal?.removeEventListener("abort", end);
  if (why === undefined) return;
  throw new UserError(
    "E_CARGO",
    `cargo could not build wasmtime ${line.version} (${why}): it takes Rust (https://rustup.rs) ` +
      "and a C compiler; mend what it says above and try again",
  );
}

/** cargo and all the compilers it started. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended already.
  }
}
