/**
 * Builds wasmtime from crates.io, where its release archive cannot be had: minutes instead of
 * seconds, with the progress shown. The directory it builds in survives an interruption, so that
 * the next attempt goes on where this one was.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { UserError } from "../errors.js";
import type { Progress } from "../progress.js";
import { CARGO_FEATURES, type Line } from "./pinned.js";
import type { Toolchain } from "./toolchain.js";

/** Lines of cargo's own words that are shown when it fails. */
const FAILURE_LINES = 15;

export interface CargoOptions {
  line: Line;
  toolchain: Toolchain;
  /** Becomes the installation: bin/wasmtime in it. */
  into: string;
  /** Kept by the caller until a build succeeds. */
  targetDirectory: string;
  signal?: AbortSignal | undefined;
  progress: Progress;
}

export async function installWithCargo(options: CargoOptions): Promise<void> {
  const { line, toolchain, into, targetDirectory, signal } = options;
  const child = spawn(
    toolchain.cargo,
    [
      ...["install", "wasmtime-cli", "--version", line.version, "--locked"],
      ...["--no-default-features", "--features", CARGO_FEATURES],
      ...["--root", into, "--target-dir", targetDirectory, "--color", "never"],
    ],
    { stdio: ["ignore", "ignore", "pipe"], env: toolchain.env, detached: true },
  );
  const end = (): void => killGroup(child.pid);
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  // Its own group does not hear a Ctrl-C, nor does it end with us: both are ours to pass on.
  process.once("exit", end);
  const ended = new Promise<number>((resolve) => {
    child.once("close", (code) => resolve(code ?? -1));
    child.once("error", () => resolve(-1));
  });
  const lastLines = await showProgress(child.stderr, options);
  const code = await ended;
  process.off("exit", end);
  signal?.removeEventListener("abort", end);
  if (code === 0) return;
  if (!signal?.aborted) options.progress.print(lastLines.map((words) => `  ${words}`));
  throw new UserError(
    "E_CARGO",
    `cargo could not build wasmtime ${line.version} (code ${code}): ` +
      "mend what it says above and run pollcast setup again",
  );
}

/** @returns the last lines cargo wrote */
async function showProgress(
  stderr: NodeJS.ReadableStream,
  { line, progress }: CargoOptions,
): Promise<string[]> {
  const startedAt = performance.now();
  const lastLines: string[] = [];
  let downloaded = 0;
  let compiled = 0;
  const show = (): void => {
    const what =
      compiled === 0
        ? `fetching crates, ${downloaded} so far`
        : `${compiled} of about ${line.cratesAbout} crates`;
    progress.update(`building wasmtime ${line.version}: ${what}, ${elapsed(startedAt)}`);
  };
  // The big crates take long; a line that stands still would look like a hang.
  const timer = setInterval(show, 1_000);
  for await (const words of createInterface({ input: stderr })) {
    lastLines.push(words);
    if (lastLines.length > FAILURE_LINES) lastLines.shift();
    if (/^\s*Downloaded /.test(words)) downloaded += 1;
    if (/^\s*Compiling /.test(words)) compiled += 1;
    show();
  }
  clearInterval(timer);
  progress.done();
  return lastLines;
}

function elapsed(since: number): string {
  const seconds = Math.floor((performance.now() - since) / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
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
