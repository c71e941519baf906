/** Plays worlds, one a seed, on several threads, and tells of them in the order of their seeds. */
import { once } from "node:events";
import os from "node:os";
import { Worker } from "node:worker_threads";
import type { WasmModule } from "../../host/runtime/webassembly.js";
import { drawWorld, type DrawOptions } from "./draw.js";
import { play, type Played, type TraceTo } from "./play.js";

/** A world that plays for longer than this, in real time, hangs. The longest take some 10 s. */
export const WORLD_MOST_MS = 300_000;

/** What a thread is started with. */
export interface PoolStart {
  module: WasmModule;
  draw: DrawOptions;
}

export interface PoolOptions extends PoolStart {
  firstSeed: number;
  worlds: number;
  /** Threads. */
  jobs: number;
  /** All worlds are played in this thread, and told of call by call. */
  trace: TraceTo | undefined;
  /** {@link WORLD_MOST_MS}, unless it is given. */
  worldMostMs?: number | undefined;
}

/** The module of a world hangs: it makes no call, so nothing else can end it. */
export class WorldHangs extends Error {
  constructor(
    readonly seed: number,
    mostMs: number,
  ) {
    super(`seed ${seed}: the world has not ended within ${mostMs / 1000} s of real time`);
  }
}

/** What a thread says of a world; why it failed is found out by playing it again. */
export type Told = Omit<Played, "failure"> & { failed: boolean };

export function defaultJobs(): number {
  return os.availableParallelism();
}

/**
 * A traced run is of this thread, and has no bound of real time.
 *
 * @returns once all are played, or one that failed was told of: its seed
 * @throws {WorldHangs}
 */
export async function playAll(
  { firstSeed, worlds, jobs, trace, worldMostMs = WORLD_MOST_MS, ...start }: PoolOptions,
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
      try {
        played(seed, await one(seed));
      } catch (error) {
        // The other threads play no more worlds, either.
        next = end;
        throw error;
      }
    }
  };
  if (trace !== undefined) await runThrough((seed) => playSeed(start, seed, trace));
  else {
    const thread = () => inThread(start, worldMostMs, runThrough);
    await Promise.all(Array.from({ length: jobs }, thread));
  }
  return failed;
}

export function playSeed({ module, draw }: PoolStart, seed: number, trace?: TraceTo): Told {
  const { failure, ...figures } = play(drawWorld(seed, draw), module, { tell: trace });
  return { ...figures, failed: failure !== undefined };
}

async function inThread(
  start: PoolStart,
  mostMs: number,
  run: (one: (seed: number) => Promise<Told>) => Promise<void>,
): Promise<void> {
  const worker = new Worker(new URL("./pool_worker.js", import.meta.url), { workerData: start });
  try {
    await run(async (seed) => {
      const signal = AbortSignal.timeout(mostMs);
      const answer = once(worker, "message", { signal }) as Promise<[Told]>;
      worker.postMessage(seed);
      const [told] = await answer.catch((error: unknown) => {
        throw signal.aborted ? new WorldHangs(seed, mostMs) : error;
      });
      return told;
    });
  } finally {
    await worker.terminate();
  }
}
