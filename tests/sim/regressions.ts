/** Worlds that once showed something, kept so that it does not come back. */
import { drawWorld } from "../../host/sim/draw.js";
import type { Oracle } from "../../host/sim/failure.js";
import { FIRST_FAULTS, NOBODY, type WorldSpec } from "../../host/sim/spec.js";
import { SECOND_NS } from "../../host/wasi/virtual/world.js";

interface Regression {
  name: string;
  /** Whose mistake it was, and which. */
  found: string;
  /** Which one saw it, where that is known. */
  oracle?: Oracle;
  spec: WorldSpec;
}

const QUIET = drawWorld(4, { dialect: "exact", faults: [], listeners: 1 });

/** A seed's world as it was before there were the later faults. */
function first(seed: number): WorldSpec {
  return drawWorld(seed, { faults: FIRST_FAULTS, listeners: 1 });
}

/** stdout can be read again, and then there is a stop at once: the last write tells of the drops. */
function stopAfterDrops(): WorldSpec {
  const at = SECOND_NS;
  const text = "status\n".repeat(900);
  return {
    ...QUIET,
    settings: { ...QUIET.settings, stopAtEof: false },
    calmAt: 3 * SECOND_NS,
    events: [
      { act: "output", at, client: NOBODY, name: "stdout", does: "pause" },
      { act: "command", at: at + 1, client: NOBODY, text },
      { act: "output", at: 2 * at, client: NOBODY, name: "stdout", does: "resume" },
      { act: "command", at: 2 * at, client: NOBODY, text: "quit\n" },
    ],
  };
}

export const REGRESSIONS: readonly Regression[] = [
  { name: "seed 31", found: "an early model, not the chat", spec: first(31) },
  { name: "seed 36", found: "an early model, not the chat", spec: first(36) },
  { name: "seed 1011", found: "an early model, not the chat", spec: first(1011) },
  {
    name: "seed 3001",
    found: "the liveness oracle: a slow client, to whom others go on talking, was called stuck",
    oracle: "liveness",
    spec: drawWorld(3001),
  },
  {
    name: "a stop after drops",
    found: "the chat: how many lines were dropped was not told",
    oracle: "console",
    spec: stopAfterDrops(),
  },
];
