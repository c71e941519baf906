/**
 * The command `npm run lab -- cost`: measures the cost of single calls inside and outside the
 * sandbox, with 10 to 10,000 connections.
 *
 * native.c and guest/cost.ts accept the same connections and make the same calls. Each figure is
 * the minimum of all repetitions, since disturbances can only increase it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { inRoot } from "../../../scripts/lib/root.mjs";
import { Failed, say } from "../../../scripts/lib/run.mjs";
import { build, gccPart, inCache, starter } from "../build.mjs";
import { machine } from "../machine.mjs";
import { chooseCores } from "../measure.mjs";
import { compiled, ensureWasmtime } from "../ours.mjs";
import { inMarkdown, number } from "../tables.mjs";

const COUNTS = [10, 30, 100, 300, 1000, 3000, 10_000];
const ASC = "node_modules/assemblyscript/bin/asc.js";
const ASC_OPTIONS = "--use abort=assembly/wasi/abort/abort --exportStart _start -O3 --enable simd";
const EXIT_USAGE = 64;

/** @typedef {"epoll" | "poll" | "wasmtime"} Kind */
/** @typedef {"accept" | "wake" | "idle" | "read" | "vain" | "send"} What */
/** @typedef {Record<What, number>} Cost nanoseconds a call */

/** @type {readonly [Kind, string][]} */
const KINDS = [
  ["epoll", "epoll_wait, in C"],
  ["poll", "poll, in C"],
  ["wasmtime", "poll_oneoff, on wasmtime"],
];
/** @type {readonly [What, string][]} */
const CALLS = [
  ["wake", "a wait that finds one ready, us"],
  ["idle", "a look that finds nobody ready, us"],
  ["send", "a send of 64 bytes, us"],
  ["accept", "an accept, non-blocking from then on, us"],
  ["read", "a read of 64 bytes, us"],
  ["vain", "a read that finds nothing, us"],
];

/** @param {readonly string[]} argv */
export async function main(argv) {
  const repetitions = repetitionsOf(argv);
  const commands = await prepare();
  /** @type {Map<string, Cost>} */
  const found = new Map();
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const count of COUNTS) {
      say(`${repetition} of ${repetitions}: ${count} connections`);
      for (const [kind] of KINDS) {
        const cost = await measureOne([...commands[kind], String(count)], count);
        const key = `${kind} ${count}`;
        found.set(key, leastOf(cost, found.get(key) ?? cost));
      }
    }
  }
  for (const [what, title] of CALLS) {
    const head = [title, ...COUNTS.map((count) => number(count))];
    const rows = KINDS.map(([kind, name]) => [
      name,
      ...COUNTS.map((count) => number((found.get(`${kind} ${count}`)?.[what] ?? NaN) / 1000, 2)),
    ]);
    process.stdout.write(`${inMarkdown({ head, rows })}\n`);
  }
  const rows = await machine();
  process.stdout.write(inMarkdown({ head: ["what", "which"], rows }));
}

/** @param {readonly string[]} argv */
function repetitionsOf(argv) {
  try {
    const options = /** @type {const} */ ({ repetitions: { type: "string", default: "5" } });
    const value = Number(parseArgs({ args: [...argv], options }).values.repetitions);
    if (Number.isInteger(value) && value > 0) return value;
  } catch {
    // The usage follows below.
  }
  throw new Failed("npm run lab -- cost [--repetitions N]\n", EXIT_USAGE);
}

/** @returns {Promise<Record<Kind, string[]>>} */
async function prepare() {
  await build(starter, say);
  await build(gccPart("crowd", ["cost/crowd.c"], "cost"), say);
  const native = await build(gccPart("native", ["cost/native.c"], "cost"), say);
  const source = inRoot("lab/bench/cost/guest/cost.ts");
  const guest = await build(
    {
      output: "cost.wasm",
      sources: ["cost/guest"],
      command: [process.execPath, inRoot(ASC), source, ...ASC_OPTIONS.split(" "), "-o"].concat(
        inCache("cost.wasm"),
      ),
    },
    say,
  );
  const wasmtime = await ensureWasmtime(say);
  const code = await compiled("cost", wasmtime, guest, say);
  const flags = ["-S", "preview2=n", "-S", "listenfd", "-C", "cache=n", "--allow-precompiled"];
  return {
    epoll: [native, "epoll"],
    poll: [native, "poll"],
    wasmtime: [wasmtime, "run", ...flags, code],
  };
}

/**
 * @param {readonly string[]} command
 * @param {number} count the number of connections
 * @returns {Promise<Cost>}
 */
async function measureOne(command, count) {
  const cores = chooseCores();
  const server = spawn(inCache("start"), [String(cores.server), ...command], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const told = text(server.stderr);
  const [port] = await once(createInterface({ input: server.stdout }), "line");
  const words = ["-c", String(cores.generator), inCache("crowd"), String(port), String(count)];
  const crowd = spawn("taskset", words, { stdio: "ignore" });
  try {
    const said = await told;
    if (!said.startsWith("{")) throw new Failed(`${command.join(" ")}: ${said}`);
    return /** @type {Cost} */ (JSON.parse(said));
  } finally {
    crowd.kill();
    server.kill();
  }
}

/** @param {Cost} one @param {Cost} other @returns {Cost} */
function leastOf(one, other) {
  const least = { ...one };
  for (const [what] of CALLS) least[what] = Math.min(one[what], other[what]);
  return least;
}
