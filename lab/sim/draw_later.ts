/**
 * Draws the later faults: listeners, stdin, stdout and stderr, the order of events, and clients
 * that connect while others write. See {@link LATER_FAULTS}.
 */
import type { Random } from "../world/random.js";
import { MILLISECOND_NS, SECOND_NS } from "../world/world.js";
import * as lines from "./lines.js";
import { LATER_FAULTS, NO_CLIENT, OUTPUT_NAMES, type FaultName } from "./spec.js";
import type { OutputName, WorldSpec } from "./spec.js";

const CHANCES: Record<(typeof LATER_FAULTS)[number], number> = {
  ...{ order: 0.5, rush: 0.6, stdio: 0.3, eof: 0.15, "kill-at-call": 0.1 },
};
const MOMENT_NS = 0.1 * MILLISECOND_NS;
const PIPE_BYTES = [4096, 65_536];

interface Later {
  random: Random;
  /** Changed in place. */
  spec: WorldSpec;
  lastAt: number;
}

export function drawLater(later: Later, allowed: readonly FaultName[], listeners?: number): void {
  const { random, spec } = later;
  const chosen = listeners ?? random.pick([1, 1, 2, 3]);
  spec.listeners = chosen;
  // The order of events is drawn when the guest polls.
  const draws = { order: undefined, rush, stdio, eof, "kill-at-call": killAtCall };
  for (const name of LATER_FAULTS) {
    const own = { ...later, random: random.fork() };
    if (!own.random.chance(CHANCES[name]) || !allowed.includes(name)) continue;
    spec.faults[name] = own.random.between(1, 100) / 100;
    draws[name]?.(own);
  }
}

/** Moments in which many clients write and others connect. */
function rush({ random, spec, lastAt }: Later): void {
  const present = spec.streams.length;
  for (let moments = random.between(1, 8); moments > 0; moments--) {
    const at = random.below(lastAt);
    for (let left = random.between(2, 12); left > 0; left--) {
      const client = random.below(present);
      const latency = spec.streams[client]?.latencyNs ?? 0;
      const bytes = random.chance(0.2) ? lines.burst(random) : lines.chat(random);
      const sentAt = Math.max(0, at - latency) + random.below(MOMENT_NS);
      spec.events.push({ act: "write", at: sentAt, client, bytes });
    }
    for (let left = random.between(1, 4); left > 0; left--) {
      const client = newcomer({ random, spec });
      spec.events.push({ act: "connect", at: at + random.below(MOMENT_NS), client });
    }
  }
}

function newcomer({ random, spec }: Pick<Later, "random" | "spec">): number {
  return spec.streams.push(random.pick(spec.streams)) - 1;
}

/** The reader of an output pauses or stops for good, while the guest has much to write. */
function stdio(later: Later): void {
  const { random, spec, lastAt } = later;
  spec.outputBytes = random.pick(PIPE_BYTES);
  for (const name of OUTPUT_NAMES) {
    for (let left = random.below(4); left > 0; left--) {
      const from = random.below(lastAt);
      const until = from + random.below(Math.min(lastAt - from, 5 * SECOND_NS));
      const put = (does: "pause" | "resume" | "close", at: number) =>
        spec.events.push({ act: "output", name, does, at, client: NO_CLIENT });
      put("pause", from);
      put(random.chance(0.15) ? "close" : "resume", until);
      if (random.chance(0.5)) fill(later, name, from);
    }
  }
}

/** Makes the guest write more than it may keep: answers on stdout, log lines on stderr. */
function fill({ random, spec }: Later, name: OutputName, from: number): void {
  if (name === "stdout") {
    const text = "status\n".repeat(random.between(1, 400));
    spec.events.push({ act: "command", text, at: from + MOMENT_NS, client: NO_CLIENT });
    return;
  }
  const client = newcomer({ random, spec });
  let at = from;
  for (let left = random.between(100, 3000); left > 0; left--) {
    spec.events.push({ act: "connect", at, client });
    at += random.below(MOMENT_NS);
    spec.events.push({ act: "close", at, client });
    at += random.below(MOMENT_NS);
  }
}

function eof({ random, spec, lastAt }: Later): void {
  spec.events.push({ act: "eof", at: random.below(lastAt), client: NO_CLIENT });
}

/** Kills at a chosen call: during the start, or anywhere. */
function killAtCall({ random, spec }: Later): void {
  for (let left = random.between(1, 6); left > 0; left--) {
    spec.kills.push({ at: "call", number: 1 + random.below(random.pick([80, 1000, 50_000])) });
  }
}
