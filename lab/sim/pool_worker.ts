/** A thread of the pool: receives seeds, and answers each with the result of its world. */
import { parentPort, workerData } from "node:worker_threads";
import { playSeed, type PoolStart } from "./pool.js";

const start = workerData as PoolStart;

parentPort?.on("message", (seed: number) => {
  parentPort?.postMessage(playSeed(start, seed));
});
