/**
 * Plays worlds, one for each seed, on several threads, and reports them in the order of their
 * seeds.
 */
import { once } from "node:events";
import os from "node:os";
import { Worker } from "node:worker_threads";
import type { WasmModule } from "../../host/runtime/webassembly.js";
import { drawWorld, type DrawOptions } from "./draw.js";
import { play } from "./play.js";
import type { Played, TraceTo } from "./played.js";

/** The real time after which a world counts as hanging. The longest worlds take about 10 s. */
export const WORLD_MOST_MS = 300_000;

/** The start data of a thread. */
export interface PoolStart {
  module: WasmModule;
  draw: DrawOptions;
}

export interface PoolOptions extends PoolStart {
  firstSeed: number;
  worlds: number;
  /** The number of threads. */
  jobs: number;
  /** If given, all worlds are played in this thread, and each call is reported. */
  trace: TraceTo | undefined;
  /** The limit of real time in milliseconds; {@link WORLD_MOST_MS} by default. */
  worldMostMs?: number | undefined;
}

/**
 * The error for a world that hangs: its guest makes no calls, so nothing in the world can end it.
 */
export class WorldHangs extends Error {
  constructor(
    readonly seed: number,
    mostMs: number,
  ) {
    super(`seed ${seed}: the world has not ended within ${mostMs / 1000} s of real time`);
  }
}

/** The result of a world. A failure is only marked: playing the world again shows it. */
export type WorldResult = Omit<Played, "failure"> & { failed: boolean };

export function defaultJobs(): number {
  return os.availableParallelism();
}

/**
 * Plays worlds until all are done or one fails. A traced run uses this thread, without a limit of
 * real time.
 *
 * @returns the seed of the first world that failed; undefined if none did
 * @throws {WorldHangs}
 */
export async function playAll(
  { firstSeed, worlds, jobs, trace, worldMostMs = WORLD_MOST_MS, ...start }: PoolOptions,
  report: (result: WorldResult) => void,
): Promise<number | undefined> {
  const end = firstSeed + worlds;
  const waiting = new Map<number, WorldResult>();
  let [next, due] = [firstSeed, firstSeed];
  let failed: number | undefined;
  const played = (seed: number, result: WorldResult): void => {
    waiting.set(seed, result);
    for (let first = waiting.get(due); first && failed === undefined; first = waiting.get(due)) {
      report(first);
      if (first.failed) failed = due;
      waiting.delete(due++);
    }
  };
  const runThrough = async (
    one: (seed: number) => WorldResult | Promise<WorldResult>,
  ): Promise<void> => {
    while (next < end && failed === undefined) {
      const seed = next++;
      try {
        played(seed, await one(seed));
      } catch (error) {
        // No thread takes a seed from `end` on, so the other threads stop, too.
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

export function playSeed({ module, draw }: PoolStart, seed: number, trace?: TraceTo): WorldResult {
  const { failure, ...figures } = play(drawWorld(seed, draw), module, { tell: trace });
  return { ...figures, failed: failure !== undefined };
}

async function inThread(
  start: PoolStart,
  mostMs: number,
  run: (one: (seed: number) => Promise<WorldResult>) => Promise<void>,
): Promise<void> {
  const worker = new Worker(new URL("./pool_worker.js", import.meta.url), { workerData: start });
  try {
    await run(async (seed) => {
      const signal = AbortSignal.timeout(mostMs);
      const answer = once(worker, "message", { signal }) as Promise<[WorldResult]>;
      worker.postMessage(seed);
      const [result] = await answer.catch((error: unknown) => {
        throw signal.aborted ? new WorldHangs(seed, mostMs) : error;
      });
      return result;
    });
  } finally {
    await worker.terminate();
  }
}
