/**
 * Measures the tutorial's closing lesson: the cost of EVENT_WRITE for connections with nothing to
 * write.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { cpuPercent, cpuSeconds } from "../measure/processor.js";
import type { Act, Stage } from "./stage.js";
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
  stage: Stage,
  { clients, seconds }: SpinSizes,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string> {
  const acts: Act[] = [];
  for (const program of PROGRAMS) {
    say(`starting ${program}, with ${clients} clients`);
    const act = await stage.start(program);
    acts.push(act);
    await act.connectAll(clients);
    await allIn(act, clients);
  }
  say(`nobody says anything for ${seconds} s`);
  const before = acts.map((act) => cpuSeconds(act.pid));
  const startedAt = performance.now();
  await sleep(seconds * 1000, undefined, { signal });
  const window = (performance.now() - startedAt) / 1000;
  const rows = acts.map((act, at) => {
    const used = cpuSeconds(act.pid) - (before[at] ?? 0);
    return [act.name, String(clients), `${cpuPercent(used, window).toFixed(1)} %`];
  });
  return table(["program", "idle clients", "CPU of a core"], rows) + LESSON;
}

/** Waits until a program has all clients. Both programs count them on their console. */
async function allIn(act: Act, clients: number): Promise<void> {
  const counted = new RegExp(`\\b${clients} clients`);
  let asked = -Infinity;
  await act.until(`has all ${clients} clients`, () => {
    if (performance.now() - asked > 100) {
      act.console("how many?");
      asked = performance.now();
    }
    return counted.test(act.output);
  });
}
