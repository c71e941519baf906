/** A short soak of the real server on both runtimes, and how the command ends. */
import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { LINES } from "../../../host/launcher/wasmtime/pinned.js";
import { tinyWasmtime, writeProgram } from "../../support/fake_wasmtime.js";
import { isAlive } from "../../support/processes.js";
import { ScriptRun } from "../../support/script_run.js";
import { temporaryDirectory } from "../../support/temporary.js";
import { until } from "../../support/wait.js";

/** Time for start, lingering connections and stop, on a busy machine. */
const SOAK_WAIT_MS = 90_000;
const CROWD = 5;

class Soak extends ScriptRun {
  readonly directory: string;

  constructor(args: readonly string[], wasmtime?: string) {
    const directory = temporaryDirectory();
    super("lab/main.mjs", ["soak", "--out", path.join(directory, "soak.svg"), ...args], wasmtime);
    this.directory = directory;
  }

  /** Waits until both servers run and are under load. @returns all processes */
  async underLoad(servers: number): Promise<number[]> {
    await until("all have said how it goes", () => this.progress() >= servers, SOAK_WAIT_MS);
    return this.all();
  }

  /** The row of the table that begins with this. */
  row(name: string): string[] {
    const line = this.stdout.split("\n").find((each) => each.trim().startsWith(name)) ?? "";
    return line
      .trim()
      .split(/\s{2,}/)
      .slice(1);
  }

  private progress(): number {
    return new Set(
      this.stderr.match(/^pollcast: \w+, \d+ s: \d+ clients/gm)?.map((line) => line.split(",")[0]),
    ).size;
  }
}

test(
  "both runtimes: nothing is lost, nothing is left open, and both are drawn",
  async () => {
    const soak = new Soak(["--minutes", "0.08", "--clients", String(CROWD), "--seed", "3"]);
    expect(await soak.ended, soak.stdout + soak.stderr).toBe(0);
    for (const fault of ["lost", "doubled", "disordered", "damaged"])
      expect(soak.row(fault)).toEqual(["0", "0"]);
    const [lines, checked] = [soak.row("lines of the crowd"), soak.row("deliveries checked")];
    expect(checked.map(numberOf)).toEqual(lines.map((said) => numberOf(said) * CROWD));
    for (const said of lines) expect(numberOf(said)).toBeGreaterThan(0);
    for (const visits of soak.row("visits")) expect(numberOf(visits)).toBeGreaterThan(40);
    for (const open of soak.row("open at start, crowd, end")) {
      const [start, crowd, end] = open.split(" ").map(Number) as [number, number, number];
      expect([crowd, end]).toEqual([start + CROWD, start]);
    }
    expect(soak.row("the server's end")).toEqual(["code 0", "code 0"]);
    expect(soak.stdout.match(/: passed$/gm)).toHaveLength(2);
    expect(soak.stdout).toMatch(/^ {2}memory, guest +[▁-█]+ {2}[\d.]+ to [\d.]+ MiB$/m);
    for (const runtime of ["wasmtime", "node"]) {
      const svg = fs.readFileSync(path.join(soak.directory, `soak-${runtime}.svg`), "utf8");
      expect(svg).toMatch(/^<svg [^]*memory, MiB[^]*open files[^]*latency, ms[^]*<\/svg>\n$/);
      expect(svg.match(/<polyline points="\d+\.\d,\d+\.\d /g)).toHaveLength(8);
      expect(svg).not.toContain("NaN");
    }
  },
  SOAK_WAIT_MS,
);

test(
  "Ctrl-C ends it early, with the summary so far",
  async () => {
    const soak = new Soak(["--minutes", "1", "--runtime", "node", "--clients", "3"]);
    const started = await soak.underLoad(1);
    expect(started.length).toBeGreaterThan(1);
    soak.process.kill("SIGINT");
    expect(await soak.ended, soak.stdout + soak.stderr).toBe(130);
    expect(started.filter(isAlive)).toEqual([]);
    expect(soak.row("the server's end")).toEqual(["code 0"]);
    expect(soak.stdout).toMatch(/^node: passed$/m);
    expect(fs.existsSync(path.join(soak.directory, "soak.svg"))).toBe(true);
  },
  SOAK_WAIT_MS,
);

test(
  "a guest that dies fails it, though the launcher starts another",
  async () => {
    const soak = new Soak(["--minutes", "1", "--runtime", "node", "--clients", "3"]);
    const started = await soak.underLoad(1);
    for (const guest of started.slice(-1)) process.kill(guest, "SIGKILL");
    expect(await soak.ended).toBe(1);
    expect(soak.stdout).toMatch(
      /^node: FAILED\n(.*\n)* {2}(the guest ended|client .* of the crowd: )/m,
    );
    expect(soak.all()).toEqual([]);
    expect(started.filter(isAlive)).toEqual([]);
  },
  SOAK_WAIT_MS,
);

test(
  "a server that does not start fails it",
  async () => {
    // A stand-in for wasmtime that ends at once, whatever it runs.
    const file = path.join(temporaryDirectory(), "wasmtime");
    const broken = writeProgram(file, tinyWasmtime(LINES[36].version));
    const soak = new Soak(["--minutes", "1", "--runtime", "wasmtime"], broken);
    expect(await soak.ended).toBe(1);
    expect(soak.stdout).toMatch(/^wasmtime: FAILED\n {2}the server ended \(code 70\)$/m);
  },
  SOAK_WAIT_MS,
);

test.each([
  [["--minutes", "none"], /^pollcast: --minutes takes a number above 0, not "none"$/m],
  [["--clients", "0"], /^pollcast: --clients takes a number above 0, not "0"$/m],
  [
    ["--runtime", "deno"],
    /^pollcast: --runtime is wasmtime, node, both or component, not "deno"$/m,
  ],
  [["--hours", "3"], /^pollcast: Unknown option '--hours'/m],
])("%j is a mistake, told in a line", async (args, line) => {
  const soak = new Soak(args);
  expect(await soak.ended).toBe(64);
  expect(soak.stderr).toMatch(line);
  expect(soak.stdout).toBe("");
});

function numberOf(text: string): number {
  return Number(text.replaceAll(",", ""));
}
