/** Starts the thread of count_worker.ts, and sends it orders. */
import type { Counted, Order } from "../../lab/explore/count.js";
import type { Answered, Asked } from "./count_worker.js";

interface Waiting {
  resolve(counted: Counted): void;
  reject(error: Error): void;
}

let worker: Worker | undefined;
let asked = 0;
const waiting = new Map<number, Waiting>();

function started(): Worker {
  if (worker !== undefined) return worker;
  worker = new Worker(new URL("./count_worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<Answered>) => {
    const found = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.counted !== undefined) found?.resolve(data.counted);
    else found?.reject(new Error(data.error));
  });
  worker.addEventListener("error", ({ message }) => {
    worker = undefined;
    for (const one of waiting.values()) one.reject(new Error(message || "count_worker.js"));
    waiting.clear();
  });
  return worker;
}

/** Counts a run. @throws if the thread or the module cannot be loaded, or the run fails */
export function counted(order: Order): Promise<Counted> {
  const id = asked++;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    started().postMessage({ id, order } satisfies Asked);
  });
}
