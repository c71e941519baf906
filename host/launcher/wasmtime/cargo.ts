/** Builds wasmtime with cargo, from crates.io. This takes many minutes. */
import { spawn } from "node:child_process";
import { UserError } from "../base/errors.js";
import type { ReleaseLine } from "./pinned.js";

/**
 * The cargo features that serving and `lab -- profile` need. The default features build two minutes
 * longer, and the program is twice as large.
 */
const FEATURES = [
  ...["run", "compile", "cranelift", "parallel-compilation", "cache", "demangle", "logging"],
  ...["component-model", "component-model-async", "profiling"],
];

export interface CargoOptions {
  line: ReleaseLine;
  /** The directory of the installation; the build puts bin/wasmtime into it. */
  into: string;
  /**
   * cargo's target directory. It survives a failed build, so that the next attempt continues it.
   */
  targetDirectory: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/** Builds wasmtime. cargo prints its progress and errors on stderr. @throws UserError */
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
  // cargo has a process group of its own. It gets no Ctrl-C, and would survive this process. So it
  // is ended explicitly.
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

/** Ends cargo and the compilers that it has started. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // The group has ended already.
  }
}
