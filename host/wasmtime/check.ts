/** Whether a wasmtime can serve, and if not, why, in one line. */
import { execute } from "./execute.js";
import { MAJOR_MAX, MAJOR_MIN, TESTED_LINE } from "./pinned.js";
import { probe } from "./probe.js";

export type Verdict =
  /** Of the tested line, and it does what is needed. */
  | { kind: "supported"; version: string }
  /** It does what is needed, but nobody tested that version. */
  | { kind: "untested"; version: string }
  | { kind: "unsuitable"; version?: string; reason: string };

/**
 * Looks at the version first, since the reason is clearer than what a trial run says; then tries
 * it.
 */
export async function check(wasmtime: string, signal?: AbortSignal): Promise<Verdict> {
  const asked = await execute(wasmtime, ["--version"], signal ? { signal } : {});
  const version = /^wasmtime(?:-cli)? (\d+\.\d+\.\d+\S*)/.exec(asked.stdout)?.[1];
  if (version === undefined) {
    const why = asked.failure ?? "it does not answer --version as wasmtime does";
    return { kind: "unsuitable", reason: `${wasmtime} cannot be used: ${why}` };
  }
  const name = `wasmtime ${version} at ${wasmtime}`;
  const major = Number.parseInt(version, 10);
  if (major > MAJOR_MAX) {
    const reason = `${name} cannot listen for a preview1 module (removed in ${MAJOR_MAX + 1})`;
    return { kind: "unsuitable", version, reason };
  }
  if (major < MAJOR_MIN) {
    const reason = `${name} is too old (${MAJOR_MIN} to ${MAJOR_MAX} can be used)`;
    return { kind: "unsuitable", version, reason };
  }
  const failed = await probe(wasmtime, signal);
  if (failed !== undefined) {
    return { kind: "unsuitable", version, reason: `${name} cannot be used: ${failed}` };
  }
  return { kind: version.startsWith(TESTED_LINE) ? "supported" : "untested", version };
}
