/**
 * The command `doctor`: checks what serving needs, and prints a table of findings with remedies.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { modulePath, PROGRAMS, stampPath } from "../bootstrap/programs.mjs";
import { staleness } from "../bootstrap/stamp.mjs";
import { type Abi, ABIS, type ServeOptions } from "./base/config.js";
import { messageOf, UserError } from "./base/errors.js";
import { openListener } from "./serve/listener.js";
import { findProgram, formsOf, packageRoot } from "./base/programs.js";
import { GET_WASMTIME } from "./serve/choose_runtime.js";
import { execute } from "./wasmtime/execute.js";
import { type Candidate, candidates, COMPONENT_LINE, examine } from "./wasmtime/locate.js";
import { lineFor } from "./wasmtime/pinned.js";
import { missingForDownload } from "./wasmtime/provide.js";

export const NODE_MIN = "20.19.0";
/** The versions of Node that the tests run on. Node 20 is past its end of life. */
export const NODE_TESTED = ["20", "24", "26"];
/**
 * The descriptors of a guest beside its clients: stdio, listeners, and those of wasmtime itself.
 */
const FDS_BESIDE_CLIENTS = 32;

interface Finding {
  what: string;
  found: string;
  /** "bad": serving would fail. "note": serving works, but the user should know this. */
  state: "ok" | "note" | "bad";
  remedy?: string;
}

/** Checks everything. @returns the report, and true for `ready` if serving would work */
export async function doctor(
  options: ServeOptions & { maxClients?: number },
): Promise<{ report: string; ready: boolean }> {
  const findings = [
    nodeVersion(),
    ...builtModules(),
    ...(await runtimes(options)),
    await fileLimit(options.maxClients ?? 0),
    await port(options),
  ];
  const ready = !findings.some(({ state }) => state === "bad");
  const verdict = ready ? "ready to serve" : "not ready to serve";
  return { report: `${table(findings)}${verdict}\n`, ready };
}

function nodeVersion(): Finding {
  const version = process.versions.node;
  const order = new Intl.Collator("en", { numeric: true });
  if (order.compare(version, NODE_MIN) < 0) {
    const remedy = `install Node ${NODE_MIN} or newer`;
    return { what: "node", found: version, state: "bad", remedy };
  }
  if (NODE_TESTED.includes(version.split(".")[0] ?? ""))
    return { what: "node", found: version, state: "ok" };
  const found = `${version}; tested are ${NODE_TESTED.join(", ")}`;
  return { what: "node", found, state: "note" };
}

function builtModules(): Finding[] {
  const fromSource = fs.existsSync(path.join(packageRoot, "assembly", "chat", "main.ts"));
  return PROGRAMS.map((program) => {
    const what = `module ${program.name}`;
    const relative = modulePath(program);
    if (!fs.existsSync(path.join(packageRoot, relative))) {
      const state = program.name === "chat" ? "bad" : "note";
      return { what, found: `${relative} is missing`, state, remedy: "npm run build" };
    }
    const stamp = path.join(packageRoot, stampPath(program.target));
    // A published package has modules, but no sources and no stamps.
    const stale = fromSource && fs.existsSync(stamp) ? staleOf(stamp) : undefined;
    if (stale === undefined) return { what, found: relative, state: "ok" };
    return { what, found: `out of date, ${stale}`, state: "note", remedy: "npm run build" };
  });
}

function staleOf(stamp: string): string | undefined {
  return staleness(packageRoot, stamp);
}

/** Returns a finding for each wasmtime, and one for the runtime that would serve. */
async function runtimes(options: ServeOptions): Promise<Finding[]> {
  const what = "runtime";
  const node = `Node ${process.versions.node}`;
  if (options.runtime === "node") return [{ what, found: `${node}, as asked`, state: "ok" }];
  const abis = builtForms(options.abi);
  const { findings, usable } = await wasmtimes(options.wasmtime, abis);
  // If the user has named a wasmtime, no other is tried.
  if (findings.some(({ state }) => state === "bad")) return findings;
  if (usable !== undefined) {
    const found = usable === "p1" ? "wasmtime" : "wasmtime, as a component (WASI 0.3)";
    return [...findings, { what, found, state: "ok" }];
  }
  if (options.runtime === "auto" && abis.includes("p1")) {
    const found = `${node}, as there is no wasmtime that can be used`;
    return [...findings, { what, found, state: "note", remedy: await remedyFor("p1") }];
  }
  const remedy = await remedyFor(abis[0] ?? "p1");
  return [...findings, { what, found: "no wasmtime that can be used", state: "bad", remedy }];
}

/**
 * Returns the command that provides a wasmtime on this machine, and what must be installed first.
 */
async function remedyFor(abi: Abi): Promise<string> {
  const setup = abi === "p1" ? GET_WASMTIME : `${COMPONENT_LINE} provides one`;
  const lack = await missingForDownload(lineFor(abi));
  return lack === undefined ? setup : `${lack}: install one of them, and ${setup}`;
}

/** Returns the forms that `serve` would try. builtModules() reports those that are not built. */
function builtForms(choice: ServeOptions["abi"]): readonly Abi[] {
  try {
    return formsOf(findProgram("chat"), choice);
  } catch {
    return choice === "p3" ? ["p3"] : ["p1"];
  }
}

/**
 * Examines each wasmtime.
 *
 * @returns findings, and `usable`: the form that would be served, if any
 */
async function wasmtimes(
  explicit: string | undefined,
  abis: readonly Abi[],
): Promise<{ findings: Finding[]; usable: Abi | undefined }> {
  const findings: Finding[] = [];
  const runnable = new Set<Abi>();
  for (const candidate of candidates({ explicit })) {
    const what = `wasmtime (${candidate.origin})`;
    const { lacks, runs, tested, version } = await abilities(candidate);
    for (const abi of runs) runnable.add(abi);
    if (runs.some((abi) => abis.includes(abi))) {
      const untested = tested ? "" : ", a version that was not tested";
      const found = `${version} at ${candidate.path} runs ${wordsOf(runs)}${untested}`;
      findings.push({ what, found, state: tested ? "ok" : "note" });
      continue;
    }
    const isNamed = candidate.origin === "--wasmtime" || candidate.origin === "$WASMTIME";
    const remedy = isNamed ? "name a suitable one, or none" : "";
    const also = runs.length === 0 ? "" : `; it runs ${wordsOf(runs)}`;
    // A named wasmtime that cannot be used is an error. Any other is ignored.
    const state = isNamed ? "bad" : "note";
    findings.push({ what, found: `${lacks}${also}`, state, ...(remedy ? { remedy } : {}) });
  }
  return { findings, usable: abis.find((abi) => runnable.has(abi)) };
}

/** Returns the forms that a wasmtime runs, and the reason for the first that it does not run. */
async function abilities(
  candidate: Candidate,
): Promise<{ runs: Abi[]; lacks: string; tested: boolean; version: string }> {
  const runs: Abi[] = [];
  let [lacks, tested, version] = ["", true, ""];
  for (const abi of ABIS) {
    const verdict = await examine(candidate, abi);
    version = verdict.version ?? version;
    if (verdict.kind === "unsuitable") lacks ||= verdict.reason;
    else runs.push(abi);
    if (verdict.kind === "untested") tested = false;
  }
  return { runs, lacks, tested, version };
}

function wordsOf(runs: readonly Abi[]): string {
  const words: Record<Abi, string> = { p1: "modules (preview1)", p3: "components (WASI 0.3)" };
  return runs.map((abi) => words[abi]).join(" and ");
}

/**
 * Checks the limit of open files. It is read in a child, since guests inherit it: Node raises its
 * own soft limit to the hard limit at start.
 */
async function fileLimit(clients: number): Promise<Finding> {
  const what = "open files";
  const { stdout } = await execute("/bin/sh", ["-c", "ulimit -n"]);
  const limit = stdout.trim() === "unlimited" ? Infinity : Number(stdout.trim());
  const needed = clients + FDS_BESIDE_CLIENTS;
  const found = `${limit} allowed, ${needed} needed for ${clients} clients`;
  if (limit >= needed) return { what, found, state: "ok" };
  return { what, found, state: "note", remedy: `ulimit -n ${needed}, or a smaller --max-clients` };
}

async function port({ host, port: number }: ServeOptions): Promise<Finding> {
  const what = "port";
  try {
    const listener = await openListener({ host, port: number });
    await listener.close();
    return { what, found: `${listener.address} is free`, state: "ok" };
  } catch (error) {
    const [found = "", remedy = ""] = messageOf(error).split(/: (?=[a-z])/);
    const isOurs = error instanceof UserError && error.code === "E_PORT_IS_OURS";
    return { what, found, state: isOurs ? "note" : "bad", remedy };
  }
}

function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  const marks = { ok: "ok  ", note: "note", bad: "BAD " };
  return findings
    .map(({ what, found, state, remedy }) => {
      const line = `${marks[state]}  ${what.padEnd(width)}  ${found}`;
      return remedy === undefined || remedy === ""
        ? line
        : `${line}${os.EOL}      ${" ".repeat(width)}  -> ${remedy}`;
    })
    .map((line) => `${line}${os.EOL}`)
    .join("");
}
