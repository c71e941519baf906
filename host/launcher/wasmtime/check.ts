/** Whether a wasmtime can serve one of our two forms, and if not, why, in one line. */
import type { Abi } from "../base/config.js";
import { execute } from "./execute.js";
import { type ReleaseLine, LINES, MAJORS } from "./pinned.js";
import { probe, UNTRIED } from "./probe.js";

export type Verdict =
  /** Of a tested line, and it does what is needed. */
  | { kind: "supported"; version: string }
  /** It does what is needed, but nobody tested that version. */
  | { kind: "untested"; version: string }
  | { kind: "unsuitable"; version?: string; reason: string };

const FORMS: Record<Abi, string> = { p1: "module", p3: "component" };

/** Tries it; where that fails, the version may say why in clearer words than the trial does. */
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

/** @returns why it is not a fit one of that line, or undefined when it is */
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

/** What the version says of a trial that failed. */
function unfit(major: number, abi: Abi): string | undefined {
  const { first, last } = MAJORS[abi];
  if (abi === "p1" && major > last)
    return `cannot listen for a preview1 module (removed in ${last + 1})`;
  if (major >= first) return undefined;
  const range = last === Infinity ? "and newer" : `to ${last}`;
  return `is too old for a ${FORMS[abi]} (${first} ${range} can be used)`;
}
