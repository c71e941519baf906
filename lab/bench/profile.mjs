/**
 * The command `npm run lab -- profile`: shows where our server spends its time in a scenario of the
 * benchmark.
 *
 * The load runs twice: once perf samples the process, and once strace counts the system calls,
 * which slows it down. The module is the shipped one, but with function names, and compiled ahead
 * of time: that gives an ELF file in which perf finds the names.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { componentOf, EXPORT_TRANSFORM } from "../../scripts/lib/component.mjs";
import { inRoot } from "../../scripts/lib/root.mjs";
import { Failed, say } from "../../scripts/lib/run.mjs";
import { build, found, generator, inCache, Missing, must, starter } from "./build.mjs";
import { chooseCores, measure } from "./measure.mjs";
import { compiled, ensureComponentWasmtime, ensureWasmtime } from "./ours.mjs";
import { loadOf, SCENARIOS } from "./scenarios.mjs";
import { limitsOf, SERVERS } from "./servers.mjs";

const OURS = ["pollcast", "pollcast-p3", "pollcast-p3-nodelay"];
const USAGE = `npm run lab -- profile [OPTION...]
  --scenario A        which of ${SCENARIOS.map(({ name }) => name).join(" ")} (default A)
  --server NAME       which of ${OURS.join(" ")} (default pollcast)
  --seconds N         of each of the two measured windows (default 3)
  --rows N            of each table (default 20)
`;
const EXIT_USAGE = 64;
const EXIT_UNAVAILABLE = 69;
/** Samples per second: a prime, so that sampling does not follow other periodic events. */
const SAMPLES_PER_SECOND = "1997";
/** The time that a tool has to write its results after it was asked to end. */
const END_WAIT_MS = 10_000;
/** The most characters of a name; Rust's names are long. */
const NAME_CHARACTERS = 72;

/** @typedef {import("./measure.mjs").Found} Found */
/** @typedef {{ share: number, where: string, name: string }} Sample */
/** @typedef {{ calls: number, errors: number, name: string }} Call */

/** @param {readonly string[]} argv */
export async function main(argv) {
  const { scenario, server, seconds, rows } = parse(argv);
  const command = await prepare(scenario, server).catch((/** @type {unknown} */ error) => {
    throw error instanceof Missing ? new Failed(error.message, EXIT_UNAVAILABLE) : error;
  });
  const cores = chooseCores();
  // On a shared core, a spinning generator would keep the server from running.
  const kind = cores.server === cores.generator ? "sleeping" : "spinning";
  const load = { ...loadOf(scenario, kind), seconds };
  const [samples, counts] = [inCache("profile/perf.data"), inCache("profile/strace.txt")];
  say(`${scenario.name}, ${scenario.about}: ${seconds} s under perf`);
  const timed = ["perf", "record", "-q", "-e", "cpu-clock", "-F", SAMPLES_PER_SECOND];
  const plain = await measure(command, load, cores, undefined, (pid) =>
    watch([...timed, "-o", samples, "-p", String(pid)]),
  );
  say(`${seconds} s under strace`);
  const traced = await measure(command, load, cores, undefined, (pid) =>
    watch(["strace", "-c", "-f", "-o", counts, "-p", String(pid)]),
  );
  const report = ["perf", "report", "--stdio", "-q", "--no-children", "-F", "overhead,dso,sym"];
  const reported = await must([...report, "-t", "|", "-i", samples]);
  const calls = callsIn(fs.readFileSync(counts, "utf8"));
  const { table } = /** @type {typeof import("../measure/table.js")} */ (
    await import(String(new URL("../../dist/lab/measure/table.js", import.meta.url)))
  );
  for (const part of tables(samplesIn(reported), calls, { plain, traced, rows }))
    process.stdout.write(`\n${table(part.head, part.rows)}`);
}

/** @param {readonly string[]} argv */
function parse(argv) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        scenario: { type: "string" },
        server: { type: "string" },
        seconds: { type: "string" },
        rows: { type: "string" },
      },
    });
    const scenario = SCENARIOS.find(({ name }) => name === (values.scenario ?? "A"));
    const [seconds, rows] = [Number(values.seconds ?? 3), Number(values.rows ?? 20)];
    const server = OURS.find((name) => name === (values.server ?? "pollcast"));
    if (scenario !== undefined && server !== undefined && seconds > 0 && rows > 0)
      return { scenario, server, seconds, rows };
  } catch {
    // A usage message answers anything that is not understood.
  }
  throw new Failed(USAGE.trimEnd(), EXIT_USAGE);
}

/**
 * Returns the benchmark's command for our server, with a program that has function names.
 *
 * @param {import("./scenarios.mjs").Scenario} scenario
 * @param {string} name the server's name
 */
async function prepare(scenario, name) {
  for (const tool of ["perf", "strace"]) {
    await found(tool).catch(() => {
      throw new Missing(`there is no ${tool}: apt install linux-perf strace`);
    });
  }
  for (const part of [generator, starter]) await build(part, say);
  const server = SERVERS.find((each) => each.name === name);
  if (server === undefined) throw new Missing(`there is no server ${name}`);
  const start = await server.prepare(say);
  // Compilation is not measured.
  const code =
    name === "pollcast"
      ? await compiled("profile", await ensureWasmtime(say), await named("main"), say)
      : await compiled("profile-p3", await ensureComponentWasmtime(say), await component(), say);
  return start.command(limitsOf(scenario)).map((word) => (word.endsWith(".cwasm") ? code : word));
}

/**
 * Builds a core module with function names.
 *
 * @param {"main" | "main_component"} entry
 * @param {readonly string[]} more additional options for asc
 */
function named(entry, ...more) {
  const output = `profile/${entry}.wasm`;
  const asc = inRoot("node_modules/assemblyscript/bin/asc.js");
  const words = [`assembly/chat/${entry}.ts`, "--target", "chat", "--debug", ...more];
  const command = [process.execPath, asc, ...words, "-o", inCache(output)];
  return build({ output, sources: ["../../assembly", "../../asconfig.json"], command }, say);
}

/** Builds the component around such a core module. */
async function component() {
  const core = await named("main_component", "--transform", `./${EXPORT_TRANSFORM}`);
  const file = inCache("profile/chat.component.wasm");
  fs.writeFileSync(file, await componentOf(fs.readFileSync(core)));
  return file;
}

/**
 * Starts a tool that observes a process.
 *
 * @param {readonly string[]} command
 * @returns a function that ends the tool
 */
async function watch([program = "", ...words]) {
  const tool = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  tool.stderr.on("data", (text) => (complaint += String(text)));
  const ended = new Promise((resolve) => tool.once("close", resolve).once("error", resolve));
  // The time to attach; neither tool reports it.
  await sleep(300);
  return async () => {
    tool.kill("SIGINT");
    const late = setTimeout(() => tool.kill("SIGKILL"), END_WAIT_MS);
    await ended;
    clearTimeout(late);
    if (/not permitted|denied|No permission/i.test(complaint))
      throw new Failed(`${program}: ${complaint.trim().split("\n")[0] ?? ""}`, EXIT_UNAVAILABLE);
  };
}

/**
 * Parses the output of perf report.
 *
 * @param {string} text
 * @returns {Sample[]}
 */
export function samplesIn(text) {
  return text.split("\n").flatMap((line) => {
    const [share = "", where = "", symbol = ""] = line.split("|").map((cell) => cell.trim());
    if (!/^\d+\.\d+%?$/.test(share)) return [];
    const name = symbol.replace(/^\[.\] (wasm\[0\]::function\[\d+\]::)?/, "");
    return [{ share: parseFloat(share), where, name }];
  });
}

/**
 * Parses the output of strace -c.
 *
 * @param {string} text
 * @returns {Call[]}
 */
export function callsIn(text) {
  return text.split("\n").flatMap((line) => {
    const found = /^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(\d+)?\s*(\w+)$/.exec(line);
    if (found === null || found[3] === "total") return [];
    return [{ calls: Number(found[1]), errors: Number(found[2] ?? 0), name: found[3] ?? "" }];
  });
}

/** Returns the part of the process that a sample belongs to. @param {Sample} sample */
export function ownerOf({ where, name }) {
  if (where.endsWith(".cwasm")) return "module";
  if (/^\[kernel|\[k\]|kallsyms|^\[unknown\]/.test(where)) return "kernel";
  return where.startsWith("wasmtime") || name.includes("wasmtime") ? "wasmtime" : "libraries";
}

/**
 * @param {readonly Sample[]} samples
 * @param {readonly Call[]} calls
 * @param {{ plain: Found, traced: Found, rows: number }} of the results without and with
 *   strace, and the most rows of a table
 */
function tables(samples, calls, { plain, traced, rows }) {
  const owners = ["module", "wasmtime", "libraries", "kernel"];
  /** @param {string} owner module, wasmtime, libraries or kernel */
  const partOf = (owner) => samples.filter((sample) => ownerOf(sample) === owner);
  const perLine = (plain.serverCpuSeconds / plain.deliveries) * 1e9;
  /** @param {number} share in percent */
  const cells = (share) => [`${share.toFixed(1)} %`, ((share / 100) * perLine).toFixed(1)];
  /** @param {readonly Sample[]} part */
  const sum = (part) => part.reduce((total, { share }) => total + share, 0);
  const whole = owners.map((owner) => [owner, ...cells(sum(partOf(owner)))]);
  const named = ["module", "wasmtime", "kernel"].map((owner) => ({
    head: [`${owner}: functions, their own time`, "share", "ns per delivered line"],
    rows: partOf(owner)
      .slice(0, rows)
      .map(({ name, share }) => [name.slice(-NAME_CHARACTERS), ...cells(share)]),
  }));
  return [
    {
      head: [`whose time (${perLine.toFixed(0)} ns per delivered line)`, "share", "ns"],
      rows: whole,
    },
    ...named,
    {
      head: ["system calls", "per 1,000 delivered lines", "failed"],
      rows: [...calls]
        .sort((one, other) => other.calls - one.calls)
        .slice(0, rows)
        .map(({ name, calls: count, errors }) => [
          name,
          ((count / traced.deliveries) * 1000).toFixed(2),
          ((errors / traced.deliveries) * 1000).toFixed(2),
        ]),
    },
  ];
}
