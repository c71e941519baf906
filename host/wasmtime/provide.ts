/**
 * Provides a wasmtime in our cache directory: the release archive, else a build by cargo.
 *
 * It is put together in a directory of its own, tried there, and moved into place by one rename; so
 * it is there whole or not at all. One process provides; another that wants it meanwhile waits for
 * it.
 */
import fs from "node:fs";
import path from "node:path";
import { withLock } from "../bare/lock.mjs";
import { errnoOf, messageOf, UserError } from "../errors.js";
import { Progress } from "../progress.js";
import { cacheDirectory, providedBinary, providedDirectory } from "./cache.js";
import { installWithCargo } from "./cargo.js";
import { checkLine } from "./check.js";
import { DEFAULT_LINE, type Line } from "./pinned.js";
import { installRelease, type ReleaseOptions } from "./release.js";
import { findToolchain } from "./toolchain.js";

export interface ProvideOptions {
  /** Which one; 36 unless told otherwise. */
  line?: Line;
  say: (line: string) => void;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** Where progress is shown; stderr unless told otherwise. */
  progress?: Progress;
  /** For tests: how long to wait for the release server. */
  waits?: Pick<ReleaseOptions, "answerWaitMs" | "stallWaitMs">;
}

type LineOptions = ProvideOptions & { line: Line };

/** @returns the path of a wasmtime that has been tried */
export async function provide(options: ProvideOptions): Promise<string> {
  const { line = DEFAULT_LINE, say, env = process.env, signal } = options;
  const home = cacheDirectory(env);
  const lockFile = path.join(home, `wasmtime-${line.version}.lock`);
  try {
    return await withLock(lockFile, () => provideLocked({ ...options, line }, home, env), {
      onWait: ({ pid, machine }) => {
        say(`waiting for process ${pid} on ${machine}, which is providing wasmtime`);
      },
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (["EACCES", "EROFS", "ENOSPC", "EDQUOT", "ENOTDIR", "EEXIST"].includes(errnoOf(error))) {
      throw new UserError(
        "E_CACHE",
        `cannot write to ${home} (${errnoOf(error)}): make room there, or set XDG_CACHE_HOME`,
      );
    }
    throw error;
  }
}

async function provideLocked(
  options: LineOptions,
  home: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { line, say, signal } = options;
  const binary = providedBinary(env, line);
  if (fs.existsSync(binary) && (await checkLine(binary, line, signal)) === undefined) return binary;

  const stages = path.join(home, `.stage-${line.version}-`);
  removeAbandonedStages(stages);
  const stage = fs.mkdtempSync(stages);
  try {
    await install(options, home, stage, env);
    const why = await checkLine(path.join(stage, "bin", "wasmtime"), line, signal);
    if (why !== undefined) {
      throw new UserError(
        "E_WASMTIME_UNAVAILABLE",
        `the wasmtime just provided is not right: ${why}`,
      );
    }
    // Made for us alone; a cache directory may be shared.
    fs.chmodSync(stage, 0o755);
    fs.rmSync(providedDirectory(env, line), { recursive: true, force: true });
    fs.renameSync(stage, providedDirectory(env, line));
  } finally {
    fs.rmSync(stage, { recursive: true, force: true });
  }
  say(`wasmtime ${line.version} is at ${binary}`);
  return binary;
}

async function install(
  { line, say, signal, waits, progress = new Progress() }: LineOptions,
  home: string,
  stage: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  say(`providing wasmtime ${line.version} in ${home}`);
  const whyNoRelease = await tryRelease({ line, into: stage, env, signal, progress, ...waits });
  if (whyNoRelease === undefined) return;
  const toolchain = await findToolchain(env, line);
  if ("missing" in toolchain) {
    throw new UserError(
      "E_WASMTIME_UNAVAILABLE",
      `wasmtime ${line.version} cannot be provided: ${whyNoRelease}, and ${toolchain.missing}; ` +
        "or set WASMTIME to one",
    );
  }
  say(`no release archive: ${whyNoRelease}`);
  say(
    `building wasmtime ${line.version} from crates.io with Rust ${toolchain.rust}; ` +
      "this takes some minutes",
  );
  // A half unpacked archive shall not end up beside what cargo installs.
  for (const left of fs.readdirSync(stage)) fs.rmSync(path.join(stage, left), { recursive: true });
  const targetDirectory = path.join(home, `build-${line.version}`);
  await installWithCargo({ line, toolchain, into: stage, targetDirectory, signal, progress });
  fs.rmSync(targetDirectory, { recursive: true, force: true });
}

/** @returns why there is no wasmtime from a release archive now, or undefined when there is */
async function tryRelease(options: ReleaseOptions): Promise<string | undefined> {
  try {
    await installRelease(options);
    // It may be for another C library than this machine's.
    const { line, signal } = options;
    return await checkLine(path.join(options.into, "bin", "wasmtime"), line, signal);
  } catch (error) {
    if (!(error instanceof UserError) || options.signal?.aborted === true) throw error;
    return messageOf(error);
  }
}

/** Only whoever holds the lock has a stage; any other was left by a process that was killed. */
function removeAbandonedStages(stages: string): void {
  const home = path.dirname(stages);
  for (const name of fs.readdirSync(home)) {
    if (name.startsWith(path.basename(stages))) {
      fs.rmSync(path.join(home, name), { recursive: true, force: true });
    }
  }
}
