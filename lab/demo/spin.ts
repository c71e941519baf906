/**
 * Measures the tutorial's closing lesson: the cost of EVENT_WRITE for connections with nothing to
 * write.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { cpuPercent, cpuSeconds } from "../measure/processor.js";
import type { RunningProgram, ProgramRunner } from "./program_runner.js";
import { table } from "../measure/table.js";

export interface SpinSizes {
  clients: number;
  seconds: number;
}

export const SPIN_SIZES: SpinSizes = { clients: 100, seconds: 5 };

const PROGRAMS = ["chat-v2", "chat"];

const LESSON = `
chat-v2 watches every client for EVENT_READ | EVENT_WRITE. A socket with room is always writable, so
its select() returns at once, for ever. chat asks for EVENT_WRITE only while something is owed.
The lesson: do not watch EVENT_WRITE with nothing to write.
`;

export async function spin(
  runner: ProgramRunner,
  { clients, seconds }: SpinSizes,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string> {
  const started: RunningProgram[] = [];
  for (const program of PROGRAMS) {
    say(`starting ${program}, with ${clients} clients`);
    const running = await runner.start(program);
    started.push(running);
    await running.connectAll(clients);
    await allIn(running, clients);
  }
  say(`nobody says anything for ${seconds} s`);
  const before = started.map((running) => cpuSeconds(running.pid));
  const startedAt = performance.now();
  await sleep(seconds * 1000, undefined, { signal });
  const window = (performance.now() - startedAt) / 1000;
  const rows = started.map((running, at) => {
    const used = cpuSeconds(running.pid) - (before[at] ?? 0);
    return [running.name, String(clients), `${cpuPercent(used, window).toFixed(1)} %`];
  });
  return table(["program", "idle clients", "CPU of a core"], rows) + LESSON;
}

/** Waits until a program has all clients. Both programs count them on their console. */
async function allIn(running: RunningProgram, clients: number): Promise<void> {
  const counted = new RegExp(`\\b${clients} clients`);
  let asked = -Infinity;
  await running.until(`has all ${clients} clients`, () => {
    if (performance.now() - asked > 100) {
      running.console("how many?");
      asked = performance.now();
    }
    return counted.test(running.output);
  });
}
