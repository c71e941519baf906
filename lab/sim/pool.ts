/** Plays worlds, one a seed, on several threads, and tells of them in the order of their seeds. */
import os from "node:os";
import { Worker } from "node:worker_threads";
import type { WasmModule } from "../../host/runtime/webassembly.js";
import { drawWorld, type DrawOptions } from "./draw.js";
import { play, type Played, type TraceTo } from "./play.js";

/** What a thread is started with. */
export interface PoolStart {
  module: WasmModule;
  draw: DrawOptions;
}

export interface PoolOptions extends PoolStart {
  firstSeed: number;
  worlds: number;
  /** Threads. One is this thread, and the only one that traces. */
  jobs: number;
  trace: TraceTo | undefined;
}

/** What a thread says of a world; why it failed is found out by playing it again. */
export type Told = Omit<Played, "failure"> & { failed: boolean };

export function defaultJobs(): number {
  return os.availableParallelism();
}

/** @returns once all are played, or one that failed was told of: its seed */
export async function playAll(
  { firstSeed, worlds, jobs, trace, ...start }: PoolOptions,
  tell: (told: Told) => void,
): Promise<number | undefined> {
  const end = firstSeed + worlds;
  const waiting = new Map<number, Told>();
  let [next, due] = [firstSeed, firstSeed];
  let failed: number | undefined;
  const played = (seed: number, result: Told): void => {
    waiting.set(seed, result);
    for (let told = waiting.get(due); told && failed === undefined; told = waiting.get(due)) {
      tell(told);
      if (told.failed) failed = due;
      waiting.delete(due++);
    }
  };
  const runThrough = async (one: (seed: number) => Told | Promise<Told>): Promise<void> => {
    while (next < end && failed === undefined) {
      const seed = next++;
      played(seed, await one(seed));
    }
  };
  if (jobs === 1) await runThrough((seed) => playSeed(start, seed, trace));
  else await Promise.all(Array.from({ length: jobs }, () => inThread(start, runThrough)));
  return failed;
}

export function playSeed({ module, draw }: PoolStart, seed: number, trace?: TraceTo): Told {
  const { failure, ...figures } = play(drawWorld(seed, draw), module, { tell: trace });
  return { ...figures, failed: failure !== undefined };
}

async function inThread(
  start: PoolStart,
  run: (one: (seed: number) => Promise<Told>) => Promise<void>,
): Promise<void> {
  const worker = new Worker(new URL("./pool_worker.js", import.meta.url), { workerData: start });
  try {
    await run(
      (seed) =>
        new Promise((resolve, reject) => {
          worker.removeAllListeners().once("message", resolve).once("error", reject);
          worker.postMessage(seed);
        }),
    );
  } finally {
    await worker.terminate();
  }
}
