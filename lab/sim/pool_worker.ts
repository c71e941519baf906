/** One thread of a pool: is told seeds, and answers each with how its world went. */
import { parentPort, workerData } from "node:worker_threads";
import { playSeed, type PoolStart } from "./pool.js";

const start = workerData as PoolStart;

parentPort?.on("message", (seed: number) => {
  parentPort?.postMessage(playSeed(start, seed));
});
