/**
 * Measures the tutorial's I/O models side by side, as far as figures can tell them apart. The
 * asynchronous model appears twice: emulated on preview1, and with real completions on WASI 0.3.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Peer } from "./peer.js";
import { cpuPercent, cpuSeconds } from "../measure/processor.js";
import { findProgram } from "../../host/launcher/base/programs.js";
import {
  type RunningProgram,
  componentWasmtime,
  StepFailed,
  type ProgramRunner,
} from "./program_runner.js";
import { table } from "../measure/table.js";

export interface IoModelsSizes {
  clients: number;
  echoes: number;
  idleSeconds: number;
}

export const IO_MODELS_SIZES: IoModelsSizes = { clients: 20, echoes: 2000, idleSeconds: 2 };

/** The rows of the table: modules, and the component for completions, which only it has. */
const ROWS: readonly { name: string; model: string; isComponent?: boolean }[] = [
  { name: "blocking", model: "blocking" },
  { name: "nonblocking", model: "nonblocking" },
  { name: "multiplexed", model: "multiplexed" },
  { name: "asynchronous, emulated", model: "asynchronous" },
  { name: "asynchronous, by the host", model: "asynchronous", isComponent: true },
];
/** A client without an answer after this time waits for another client to leave. */
const SERVED_WAIT_MS = 1_000;
const NANOSECONDS_PER_MICROSECOND = 1_000;

/** The module's own counters, its answer to a client that sends `stats`. */
interface Stats {
  echoes: number;
  hostCalls: number;
  waitingNs: number;
  copyingNs: number;
}

export async function ioModels(
  runner: ProgramRunner,
  sizes: IoModelsSizes,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string> {
  const rows: string[][] = [];
  const component = await componentWasmtime(findProgram("io-models"), signal);
  if (component === undefined)
    say("no wasmtime here runs components, which alone have real completions (pollcast setup)");
  for (const { name, model, isComponent = false } of ROWS) {
    if (isComponent && component === undefined) continue;
    say(`measuring ${name}`);
    const running = await runner.start("io-models", [model], isComponent ? component : undefined);
    rows.push([name, ...(await measure(running, sizes, signal))]);
    // The blocking model cannot read its console: that is one of its lessons.
    if (model === "blocking") await running.kill();
    await runner.clear();
  }
  const head = ["model", "served at once", "idle CPU", "host calls", "waiting", "copying"];
  return table(head, rows) + legend(sizes);
}

async function measure(
  running: RunningProgram,
  { clients, echoes, idleSeconds }: IoModelsSizes,
  signal: AbortSignal,
): Promise<string[]> {
  const peers = (await running.connectAll(clients)).map((socket) => new Peer(socket));
  const answers = await Promise.all(peers.map((peer) => peer.ask("hello", SERVED_WAIT_MS)));
  const served = peers.filter((_, at) => answers[at] !== undefined);
  const [peer] = served;
  if (peer === undefined) throw new StepFailed(`${running.name}: no client was answered`);

  const cpuBefore = cpuSeconds(running.pid);
  const idleFrom = performance.now();
  await sleep(idleSeconds * 1000, undefined, { signal });
  const idle = (performance.now() - idleFrom) / 1000;
  const idleCpu = cpuPercent(cpuSeconds(running.pid) - cpuBefore, idle);

  const before = await statsOf(peer);
  for (let count = 0; count < echoes; count++) {
    signal.throwIfAborted();
    await peer.mustAsk("x");
  }
  const after = await statsOf(peer);
  if (after.echoes - before.echoes !== echoes)
    throw new StepFailed(`${running.name} counted other echoes than ours`);
  // Between the two readings lie our echoes, the end of one "stats" and the start of the other.
  const perEcho = (key: keyof Stats): number => (after[key] - before[key]) / (echoes + 1);
  const microseconds = (key: keyof Stats): string =>
    `${(perEcho(key) / NANOSECONDS_PER_MICROSECOND).toFixed(1)} us`;

  return [
    `${served.length} of ${clients}`,
    `${idleCpu.toFixed(1)} %`,
    perEcho("hostCalls").toFixed(1),
    microseconds("waitingNs"),
    microseconds("copyingNs"),
  ];
}

async function statsOf(peer: Peer): Promise<Stats> {
  const answer = await peer.mustAsk("stats");
  try {
    return JSON.parse(answer) as Stats;
  } catch {
    throw new StepFailed(`stats were answered by ${JSON.stringify(answer)}`);
  }
}

function legend({ clients, echoes, idleSeconds }: IoModelsSizes): string {
  const wait = SERVED_WAIT_MS / 1000;
  return `
served at once   clients answered within ${wait} s while all ${clients} stay connected
idle CPU         of one core, for ${idleSeconds} s in which nobody says anything
host calls       how often the module leaves its sandbox for one echo, reading the clock apart;
                 one client says ${echoes} messages, each after the answer to the one before, the
                 others are silent
waiting          phase one of an echo: until there is data. The client's own time is in it, too
copying          phase two of an echo: the data comes into the module's memory

WASI preview1 has no completions: a selector emulates them there. The last row is the component, on
WASI 0.3: the host is handed a buffer and fills it, so nothing is left to copy.
`;
}
