/**
 * Where a wasmtime may be, and which of those is used.
 *
 * Order: what the user named for this run (--wasmtime), what the user named for the machine
 * ($WASMTIME), what is on PATH, what we provided ourselves. A named one is an order: if it cannot
 * be used that is an error, and no other is taken in its place. Of the rest a tested version comes
 * before an untested one.
 */
import type { Abi } from "../base/config.js";
import fs from "node:fs";
import path from "node:path";
import { UserError } from "../base/errors.js";
import { providedBinary } from "./cache.js";
import { check, checkLine, type Verdict } from "./check.js";
import { programTrustProblem } from "./file_trust.js";
import { LINES, type ReleaseLine, versionsOf } from "./pinned.js";

/** What to type for a wasmtime that runs modules. */
export const MODULE_LINE = "pollcast setup --line 36";
/** And for one that runs components. */
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
  /** Undefined: none can be used, one has to be provided. */
  wasmtime?: Examined;
  /** What to tell the user: why others were passed over, or that this one is untested. */
  notes: string[];
}

export interface LocateOptions {
  /** What it is to run; a preview1 module unless told otherwise. */
  abi?: Abi;
  /** The value of --wasmtime. */
  explicit?: string | undefined;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

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

/** Whether a candidate can run a form. One in the cache that others can write to is not tried. */
export async function examine(
  { origin, path: file }: Candidate,
  abi: Abi = "p1",
  signal?: AbortSignal,
): Promise<Verdict> {
  const reason = distrust({ origin, path: file });
  return reason === undefined ? check(file, abi, signal) : { kind: "unsuitable", reason };
}

/** @returns why a candidate is no fit wasmtime of that line, or undefined when it is one */
export async function examineLine(
  candidate: Candidate,
  line: ReleaseLine,
  signal?: AbortSignal,
): Promise<string | undefined> {
  return distrust(candidate) ?? checkLine(candidate.path, line, signal);
}

/** Why a candidate is not even tried. What is not in the cache, somebody has chosen. */
function distrust({ origin, path: file }: Candidate): string | undefined {
  const problem = origin === "cache" ? programTrustProblem(file) : undefined;
  return problem === undefined ? undefined : `${file} is not trusted: ${problem}`;
}

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

/** A wasmtime, and what it is to run. */
export interface Suitable {
  wasmtime: string;
  abi: Abi;
}

/** The same for several forms: the first that any wasmtime can run. */
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

/** Every program of that name on PATH, in order. */
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

/** What provides a wasmtime for such a program. */
function setupFor(abi: Abi = "p1"): string {
  return abi === "p3" ? COMPONENT_LINE : "pollcast setup";
}

/** A bare name is looked up on PATH, as a shell would. */
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
