/**
 * Worlds that once showed something, kept so that it is not shown again. Their first faults only,
 * and one listener: so each is the world that it was then.
 */
import { drawWorld } from "../../host/sim/draw.js";
import { FIRST_FAULTS, type WorldSpec } from "../../host/sim/spec.js";

interface Regression {
  seed: number;
  /** Whose mistake it was, and which. */
  found: string;
}

export const REGRESSIONS: readonly Regression[] = [
  { seed: 31, found: "the model" },
  { seed: 36, found: "the model" },
  { seed: 1011, found: "the model" },
];

export function worldOf({ seed }: Regression): WorldSpec {
  return drawWorld(seed, { faults: FIRST_FAULTS, listeners: 1 });
}
