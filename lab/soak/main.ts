/**
 * The command `npm run soak`: runs the server under load for a given time, and reports losses,
 * growth and latencies.
 *
 * Both runtimes run at the same time. So the soak takes no longer than given, and both have the
 * same conditions; losses and growth do not depend on speed. For undisturbed latencies, run one
 * runtime alone.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { EXIT, messageOf, UserError } from "../../host/launcher/base/errors.js";
import { packageRoot } from "../../host/launcher/base/programs.js";
import { listenForStop } from "../../host/launcher/serve/signals.js";
import { ensureSuitable } from "../../host/launcher/wasmtime/ensure.js";
import { failuresOf, type Report } from "./report.js";
import { type Requests, soak } from "./run.js";
import type { Runtime } from "./server.js";
import { summaryOf } from "./summary.js";
import { svgOf } from "./svg.js";

const USAGE = `npm run soak -- [OPTION...]
  --minutes N        how long (default 10)
  --runtime NAME     wasmtime, node or both, which run at the same time (default both); or
                     component, which is WASI 0.3's on a wasmtime
  --wasmtime PATH    which one (default: as serve finds it)
  --clients N        of the crowd that stays, talks and checks what it hears (default 50)
  --seed N           of what clients do (default 1)
  --out FILE.svg     default build/soak/soak-RUNTIME.svg; for both, FILE-RUNTIME.svg
`;
const BOTH: readonly Runtime[] = ["wasmtime", "node"];
const RUNTIMES: readonly Runtime[] = [...BOTH, "component"];
const EXIT_FAILED = 1;
const EXIT_INTERRUPTED = 130;
const MICROSECONDS_PER_SECOND = 1e6;

interface Request {
  minutes: number;
  runtimes: readonly Runtime[];
  clients: number;
  wasmtime: string | undefined;
  seed: number;
  out: string | undefined;
}

export async function main(argv: readonly string[]): Promise<void> {
  const requests = listenForStop();
  try {
    process.exitCode = await run(parse(argv), requests);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(messageOf(error));
    if (error.code === "E_USAGE") process.stderr.write(USAGE);
    process.exitCode = error.exitCode;
  } finally {
    requests.dispose();
  }
}

/** @returns the exit code */
async function run(request: Request, requests: Requests): Promise<number> {
  if (process.platform !== "linux") {
    say("the soak looks at processes through /proc, which only Linux has");
    return EXIT.unavailable;
  }
  const { runtimes, minutes, clients, seed } = request;
  const abis = runtimes.includes("component") ? (["p3"] as const) : (["p1"] as const);
  const wasmtime = runtimes.some((runtime) => runtime !== "node")
    ? (await ensureSuitable({ abis, explicit: request.wasmtime, say, signal: requests.stop }))
        .wasmtime
    : undefined;
  say(`${runtimes.join(" and ")}: ${clients} clients who stay, ${minutes} minutes, seed ${seed}`);
  const reports = await Promise.all(
    runtimes.map((runtime) => {
      const plan = { runtime, minutes, clients, seed };
      return soak({ ...plan, wasmtime: runtime === "node" ? undefined : wasmtime }, requests, say);
    }),
  );
  process.stdout.write(`\n${summaryOf(reports)}\n${surroundings()}\n`);
  for (const report of reports) writeSvg(request, report);
  if (reports.some((report) => failuresOf(report).length > 0)) return EXIT_FAILED;
  return requests.stop.aborted ? EXIT_INTERRUPTED : EXIT.ok;
}

/** Returns what else affects the latencies: the clients' CPU time and the machine's load. */
function surroundings(): string {
  const { user, system } = process.cpuUsage();
  const percent = (100 * (user + system)) / (process.uptime() * MICROSECONDS_PER_SECOND);
  const [load = 0] = os.loadavg();
  return (
    `the clients used ${percent.toFixed(0)} % of a core; at the end ${load.toFixed(1)} processes ` +
    `wanted the machine's ${os.availableParallelism()} cores\n`
  );
}

function writeSvg({ out, runtimes, clients, seed }: Request, { runtime, samples }: Report): void {
  const given = out !== undefined && runtimes.length > 1 ? besideOthers(out, runtime) : out;
  const file = given ?? path.join(packageRoot, "build", "soak", `soak-${runtime}.svg`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const title = `pollcast on ${runtime}: ${clients} clients who stay, visitors, seed ${seed}`;
  fs.writeFileSync(file, svgOf(title, samples));
  process.stdout.write(`${file}\n`);
}

function besideOthers(file: string, runtime: Runtime): string {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}-${runtime}${ext}`);
}

function parse(argv: readonly string[]): Request {
  const text = { type: "string" } as const;
  const places = { out: text, wasmtime: text };
  const options = { minutes: text, runtime: text, clients: text, seed: text, ...places };
  const given = read(argv, options);
  const { minutes = "10", runtime = "both", clients = "50", seed = "1", out, wasmtime } = given;
  return {
    minutes: numberOf("minutes", minutes, /^\d{1,5}(\.\d{1,4})?$/),
    clients: numberOf("clients", clients, /^\d{1,4}$/),
    seed: numberOf("seed", seed, /^\d{1,9}$/),
    runtimes: runtimesOf(runtime),
    wasmtime,
    out,
  };
}

function read<Name extends string>(
  argv: readonly string[],
  options: Record<Name, { type: "string" }>,
): Partial<Record<Name, string>> {
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw new UserError("E_USAGE", messageOf(error));
  }
}

function numberOf(name: string, text: string, pattern: RegExp): number {
  const value = pattern.test(text) ? Number(text) : 0;
  if (value > 0) return value;
  throw new UserError("E_USAGE", `--${name} takes a number above 0, not ${JSON.stringify(text)}`);
}

function runtimesOf(text: string): readonly Runtime[] {
  if (text === "both") return BOTH;
  const found = RUNTIMES.filter((runtime) => runtime === text);
  if (found.length > 0) return found;
  throw new UserError(
    "E_USAGE",
    `--runtime is wasmtime, node, both or component, not ${JSON.stringify(text)}`,
  );
}

function say(line: string): void {
  process.stderr.write(`pollcast: ${line}\n`);
}
