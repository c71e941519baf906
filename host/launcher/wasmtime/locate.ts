/**
 * Finds the installed wasmtimes, and chooses one.
 *
 * The order is: the flag --wasmtime, the variable $WASMTIME, the PATH, the cache of pollcast. If a
 * wasmtime that the user named (by flag or variable) is not suitable, that is an error, and no
 * other is tried. Of the others, a tested version is preferred to an untested one.
 */
import type { Abi } from "../base/config.js";
import fs from "node:fs";
import path from "node:path";
import { UserError } from "../base/errors.js";
import { providedBinary } from "./cache.js";
import { check, checkLine, type Verdict } from "./check.js";
import { programTrustProblem } from "./file_trust.js";
import { LINES, type ReleaseLine, versionsOf } from "./pinned.js";

/** The command that provides a wasmtime for modules. */
export const MODULE_LINE = "pollcast setup --line 36";
/** The command that provides a wasmtime for components. */
export const COMPONENT_LINE = "pollcast setup --line 48";

export type Origin = "--wasmtime" | "$WASMTIME" | "PATH" | "cache";

export interface Candidate {
  origin: Origin;
  path: string;
}

export interface Examined extends Candidate {
  verdict: Verdict;
}

export interface Located {
  /** The chosen wasmtime, or undefined if none is suitable. */
  wasmtime?: Examined;
  /**
   * Notes for the user: the reasons why other wasmtimes were rejected, or that the chosen one is
   * untested.
   */
  notes: string[];
}

export interface LocateOptions {
  /** The ABI that it must run. The default is p1. */
  abi?: Abi;
  /** The value of --wasmtime. */
  explicit?: string | undefined;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

/** Returns the wasmtimes that are found, in order of preference, without trying them. */
export function candidates({ explicit, env = process.env }: LocateOptions = {}): Candidate[] {
  const found: Candidate[] = [];
  if (explicit !== undefined) found.push({ origin: "--wasmtime", path: named(explicit, env) });
  const fromEnv = env["WASMTIME"] ?? "";
  if (fromEnv !== "") found.push({ origin: "$WASMTIME", path: named(fromEnv, env) });
  for (const file of onPath("wasmtime", env)) found.push({ origin: "PATH", path: file });
  for (const version of Object.values(LINES).flatMap(versionsOf)) {
    const own = providedBinary(env, version);
    if (fs.existsSync(own)) found.push({ origin: "cache", path: own });
  }
  return found;
}

/**
 * Checks whether a candidate can run programs of an ABI. A file in the cache that other users can
 * write to is not executed.
 */
export async function examine(
  { origin, path: file }: Candidate,
  abi: Abi = "p1",
  signal?: AbortSignal,
): Promise<Verdict> {
  const reason = distrust({ origin, path: file });
  return reason === undefined ? check(file, abi, signal) : { kind: "unsuitable", reason };
}

/** Checks a candidate for a release line. @returns the reason not to use it, or undefined */
export async function examineLine(
  candidate: Candidate,
  line: ReleaseLine,
  signal?: AbortSignal,
): Promise<string | undefined> {
  return distrust(candidate) ?? checkLine(candidate.path, line, signal);
}

/**
 * Returns why a candidate must not be executed, or undefined. Only those in the cache are checked,
 * since the user has chosen the others.
 */
function distrust({ origin, path: file }: Candidate): string | undefined {
  const problem = origin === "cache" ? programTrustProblem(file) : undefined;
  return problem === undefined ? undefined : `${file} is not trusted: ${problem}`;
}

/**
 * Chooses a wasmtime for an ABI.
 *
 * @throws UserError if the one that the user named is not suitable
 */
export async function locate(options: LocateOptions = {}): Promise<Located> {
  const passedOver: string[] = [];
  let untested: Examined | undefined;
  for (const candidate of candidates(options)) {
    const verdict = await examine(candidate, options.abi, options.signal);
    const isNamed = candidate.origin === "--wasmtime" || candidate.origin === "$WASMTIME";
    if (verdict.kind === "unsuitable") {
      if (isNamed) throw await unsuitable(candidate, verdict.reason, options);
      passedOver.push(`${verdict.reason}; looking further`);
    } else if (verdict.kind === "supported") {
      return { wasmtime: { ...candidate, verdict }, notes: passedOver };
    } else {
      untested ??= { ...candidate, verdict };
      if (isNamed) break;
    }
  }
  if (untested === undefined) return { notes: passedOver };
  const note =
    `wasmtime ${untested.verdict.version ?? ""} at ${untested.path} can do it but is not of a ` +
    `line that is tested; ${setupFor(options.abi)} provides one`;
  return { wasmtime: untested, notes: [...passedOver, note] };
}

/** A wasmtime, and the ABI of the program that it will run. */
export interface Suitable {
  wasmtime: string;
  abi: Abi;
}

/**
 * Chooses a wasmtime for the first of these ABIs that any wasmtime can run.
 *
 * @throws UserError as `locate`
 */
export async function locateFor(
  abis: readonly Abi[],
  options: Omit<LocateOptions, "abi">,
): Promise<{ suitable?: Suitable; notes: string[] }> {
  let failure: UserError | undefined;
  let notes: string[] | undefined;
  for (const abi of abis) {
    try {
      const located = await locate({ abi, ...options });
      const { wasmtime } = located;
      if (wasmtime !== undefined)
        return { suitable: { wasmtime: wasmtime.path, abi }, notes: located.notes };
      notes ??= located.notes;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return { notes: notes ?? [] };
}

/** Returns the programs of a name on the PATH, in order. */
export function onPath(name: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const directories = (env["PATH"] ?? "").split(path.delimiter).filter((entry) => entry !== "");
  const files = directories.map((directory) => path.resolve(directory, name)).filter(isExecutable);
  return [...new Set(files)];
}

async function unsuitable(
  { origin, path: file }: Candidate,
  reason: string,
  { abi = "p1", signal }: LocateOptions,
): Promise<UserError> {
  const runsOther = abi === "p1" && (await check(file, "p3", signal)).kind !== "unsuitable";
  const without = origin === "$WASMTIME" ? "unset WASMTIME" : "leave --wasmtime out";
  const suitable = origin === "$WASMTIME" ? "set it to a suitable one" : "give a suitable one";
  const remedy = runsOther
    ? `it runs the component, --abi p3; for the module, ${MODULE_LINE} and ${without}`
    : `${without}, or ${suitable} (${setupFor(abi)} provides one)`;
  return new UserError("E_WASMTIME_UNSUITABLE", `${reason}: ${remedy}`);
}

/** Returns the command that provides a wasmtime for an ABI. */
function setupFor(abi: Abi = "p1"): string {
  return abi === "p3" ? COMPONENT_LINE : "pollcast setup";
}

/** Resolves a path. A name without a slash is looked up on the PATH, as in a shell. */
function named(value: string, env: NodeJS.ProcessEnv): string {
  if (value.includes("/")) return path.resolve(value);
  return onPath(value, env)[0] ?? path.resolve(value);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
