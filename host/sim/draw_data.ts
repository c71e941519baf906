/** The fifth part of a world's draw: a disk, and ends of the chat which that must outlive. */
import type { Random } from "../wasi/virtual/random.js";
import { DATA_NAMES, NOBODY, type WorldSpec } from "./spec.js";

const KILLS_MOST = 4;

export function drawData(random: Random, lastAt: number, spec: WorldSpec): void {
  if (!random.chance(0.3)) return;
  spec.data = random.pick(DATA_NAMES);
  // Some of them in the midst of things, between a write and what follows it.
  for (let left = random.below(KILLS_MOST); left > 0 && spec.data !== "none"; left--) {
    spec.killsAtCall.push(1 + random.below(random.pick([300, 3000, 30_000])));
  }
  for (let left = random.between(1, KILLS_MOST); left > 0 && spec.data !== "none"; left--) {
    spec.events.push({ act: "kill", at: random.below(lastAt), client: NOBODY });
  }
}
