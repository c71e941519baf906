/** The demonstrations, with small sizes. */
import path from "node:path";
import { expect, test } from "vitest";
import { LINES } from "../../../host/launcher/wasmtime/pinned.js";
import { tinyWasmtime, writeProgram } from "../../support/fake_wasmtime.js";
import { isAlive } from "../../support/processes.js";
import { ScriptRun } from "../../support/script_run.js";
import { temporaryDirectory } from "../../support/temporary.js";
import { until } from "../../support/wait.js";

class Demo extends ScriptRun {
  constructor(args: readonly string[], wasmtime?: string) {
    super("lab/main.mjs", ["demo", ...args], wasmtime);
  }
}

/** Rows of the table, cell by cell. */
function rowsOf(shown: string): string[][] {
  const [lines = ""] = shown.trim().split("\n\n");
  return lines.split("\n").map((line) => line.split(/\s{2,}/));
}

/**
 * A program that is never idle has this many times the CPU of one that waits, at least. On a busy
 * machine it does not have a core for itself.
 */
const BUSY_TIMES = 3;
/** Percent of a core: the least that the clock of processor time can tell from nothing. */
const CPU_LEAST = 1;

test("spin: chat-v2 uses a core for nothing, chat does not", async () => {
  const demo = new Demo(["spin", "--clients", "10", "--seconds", "1"]);
  expect(await demo.ended).toBe(0);
  const [head, v2, chat] = rowsOf(demo.stdout);
  expect(head).toEqual(["program", "idle clients", "CPU of a core"]);
  expect(v2?.slice(0, 2)).toEqual(["chat-v2", "10"]);
  expect(chat?.slice(0, 2)).toEqual(["chat", "10"]);
  expect(v2?.[2]).toMatch(/^\d+\.\d %$/);
  const [spinning, waiting] = [parseFloat(v2?.[2] ?? ""), parseFloat(chat?.[2] ?? "")];
  expect(spinning).toBeGreaterThan(BUSY_TIMES * Math.max(waiting, CPU_LEAST));
  expect(waiting).toBeLessThan(5);
  expect(demo.stdout).toContain("do not watch EVENT_WRITE with nothing to write");
});

test("io-models: blocking serves one, the others all; only nonblocking is busy while idle", async () => {
  const demo = new Demo([
    ...["io-models", "--clients", "5", "--echoes", "50", "--idle-seconds", "0.5"],
  ]);
  expect(await demo.ended).toBe(0);
  const [head, ...rows] = rowsOf(demo.stdout);
  expect(head).toEqual([
    ...["model", "served at once", "idle CPU", "host calls", "waiting", "copying"],
  ]);
  expect(rows.map(([model, served]) => [model, served])).toEqual([
    ["blocking", "1 of 5"],
    ["nonblocking", "5 of 5"],
    ["multiplexed", "5 of 5"],
    ["asynchronous, emulated", "5 of 5"],
    ["asynchronous, by the host", "5 of 5"],
  ]);
  const idle = rows.map((row) => parseFloat(row[2] ?? ""));
  const others = [0, 2, 3, 4].map((at) => idle[at] ?? NaN);
  expect(Math.max(...others)).toBeLessThan(10);
  expect(idle[1]).toBeGreaterThan(BUSY_TIMES * Math.max(...others, CPU_LEAST));
  for (const row of rows) {
    expect(Number(row[3])).toBeGreaterThanOrEqual(3);
    expect(row[4]).toMatch(/^\d+\.\d us$/);
    expect(row[5]).toMatch(/^\d+\.\d us$/);
    expect(parseFloat(row[4] ?? "")).toBeGreaterThan(parseFloat(row[5] ?? ""));
  }
  // Only the host's completions leave nothing to copy.
  expect(rows.map((row) => row[5] === "0.0 us")).toEqual([false, false, false, false, true]);
});

test("restart: the next module serves, compiled or not, and on Node", async () => {
  const demo = new Demo(["restart", "--kills", "1"]);
  expect(await demo.ended).toBe(0);
  const [head, ...rows] = rowsOf(demo.stdout);
  const columns = ["ended", "launched", "listening", "refused", "served", "worst"];
  expect(head?.slice(1)).toEqual(columns);
  expect(rows.map(([form]) => form)).toEqual([
    "module, compiled at the start",
    "module, compiled ahead of time",
    "module, on Node",
    "component, compiled at the start",
    "component, compiled ahead of time",
  ]);
  for (const [form, ended, launched, listening, refused, served] of rows) {
    // The listener of a module is open all the time.
    if (form?.startsWith("module") === true) expect(refused).toBe("0");
    // The order of things; how long they take is the machine's.
    expect(Number(launched)).toBeGreaterThanOrEqual(Number(ended));
    expect(Number(listening)).toBeGreaterThanOrEqual(Number(launched));
    expect(Number(served)).toBeGreaterThan(0);
  }
});

test.each([
  { demo: "spin", sizes: ["--seconds", "100"], begun: /nobody says anything/ },
  { demo: "io-models", sizes: ["--idle-seconds", "100"], begun: /measuring blocking/ },
  { demo: "restart", sizes: ["--kills", "100"], begun: /compiled at the start: 100 kills/ },
])("$demo: SIGINT stops it and all that it has started", async ({ demo: name, sizes, begun }) => {
  const demo = new Demo([name, ...sizes]);
  await until("it measures", () => begun.test(demo.stderr));
  await until("it has started something", () => demo.all().length > 0);
  const started = demo.all();
  demo.process.kill("SIGINT");
  expect(await demo.ended).toBe(130);
  expect(started.filter(isAlive)).toEqual([]);
  expect(demo.stdout).toBe("");
  expect(demo.stderr).toContain("interrupted");
});

test.each([
  [[], /^pollcast: which demonstration\? One of spin, io-models, restart$/m],
  [["dance"], /^pollcast: which demonstration\? One of spin, io-models, restart$/m],
  [["spin", "--clients", "none"], /^pollcast: --clients takes a number above 0, not "none"$/m],
  [["spin", "--echoes", "3"], /^pollcast: Unknown option '--echoes'/m],
])("%j is a mistake, told in a line", async (args, line) => {
  const demo = new Demo(args);
  expect(await demo.ended).toBe(64);
  expect(demo.stderr).toMatch(line);
  expect(demo.stdout).toBe("");
});

test("a step that fails is told, and no table is shown", async () => {
  // It passes for a wasmtime, and ends at once whatever it is to run.
  const broken = writeProgram(
    path.join(temporaryDirectory(), "wasmtime"),
    tinyWasmtime(LINES[36].version),
  );
  const demo = new Demo(["spin", "--clients", "10", "--seconds", "1"], broken);
  expect(await demo.ended).toBe(70);
  expect(demo.stderr).toMatch(
    /^pollcast: chat-v2 ended \(code 6\) before it begins to listen:.*nothing was measured to the end$/m,
  );
  expect(demo.stdout).toBe("");
});
