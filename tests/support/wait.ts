/**
 * Waits for a condition to become true: it does not sleep, and ends as soon as the condition is
 * true.
 */
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_INTERVAL_MS = 10;
const WAIT_MS = 20_000;

export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  waitMs = WAIT_MS,
): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${waitMs} ms in vain: ${what}`);
    await sleep(LOOK_INTERVAL_MS);
  }
}
