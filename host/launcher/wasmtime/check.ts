/** Checks whether a wasmtime can run programs of one of the two ABIs, and why not. */
import type { Abi } from "../base/config.js";
import { execute } from "./execute.js";
import { type ReleaseLine, LINES, MAJORS } from "./pinned.js";
import { probe, UNTRIED } from "./probe.js";

export type Verdict =
  /** A version of a tested line that passed the probe. */
  | { kind: "supported"; version: string }
  /** A version that passed the probe, but was never tested with pollcast. */
  | { kind: "untested"; version: string }
  | { kind: "unsuitable"; version?: string; reason: string };

const FORMS: Record<Abi, string> = { p1: "module", p3: "component" };

/**
 * Probes a wasmtime. If the probe fails, the reason names the version where that explains more than
 * the probe's error.
 */
export async function check(
  wasmtime: string,
  abi: Abi = "p1",
  signal?: AbortSignal,
): Promise<Verdict> {
  const asked = await execute(wasmtime, ["--version"], signal ? { signal } : {});
  const version = /^wasmtime(?:-cli)? (\d+\.\d+\.\d+\S*)/.exec(asked.stdout)?.[1];
  if (version === undefined) {
    const why = asked.failure ?? "it does not answer --version as wasmtime does";
    return { kind: "unsuitable", reason: `${wasmtime} cannot be used: ${why}` };
  }
  const name = `wasmtime ${version} at ${wasmtime}`;
  const failed = await probe(wasmtime, abi, signal);
  const ofVersion = unfit(Number.parseInt(version, 10), abi);
  if (failed !== undefined && (failed !== UNTRIED || ofVersion !== undefined)) {
    const why = ofVersion ?? `cannot be used: ${String(failed)}`;
    return { kind: "unsuitable", version, reason: `${name} ${why}` };
  }
  const lines: readonly ReleaseLine[] = Object.values(LINES);
  const tested = lines.some(({ prefix, runs }) => runs.includes(abi) && version.startsWith(prefix));
  return { kind: tested ? "supported" : "untested", version };
}

/**
 * Checks a wasmtime for all ABIs of a release line.
 *
 * @returns the reason why the wasmtime is not of that line or does not run, or undefined if it is
 *   fit
 */
export async function checkLine(
  wasmtime: string,
  { prefix, runs }: ReleaseLine,
  signal?: AbortSignal,
): Promise<string | undefined> {
  for (const abi of runs) {
    const verdict = await check(wasmtime, abi, signal);
    if (verdict.kind === "unsuitable") return verdict.reason;
    if (!verdict.version.startsWith(prefix)) return `it is ${verdict.version}`;
  }
  return undefined;
}

/** Returns why a version cannot run an ABI, or undefined if the version should be able to. */
function unfit(major: number, abi: Abi): string | undefined {
  const { first, last } = MAJORS[abi];
  if (abi === "p1" && major > last)
    return `cannot listen for a preview1 module (removed in ${last + 1})`;
  if (major >= first) return undefined;
  const range = last === Infinity ? "and newer" : `to ${last}`;
  return `is too old for a ${FORMS[abi]} (${first} ${range} can be used)`;
}
