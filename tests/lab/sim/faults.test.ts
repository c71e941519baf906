/** The faults of worlds, one by one and at the worst moments. */
import { expect, test } from "vitest";
import { drawWorld } from "../../../lab/sim/draw.js";
import { play } from "../../../lab/sim/play.js";
import { LATER_FAULTS, type Act, NO_CLIENT, type WorldSpec } from "../../../lab/sim/spec.js";
import { SECOND_NS } from "../../../lab/world/world.js";
import { probed } from "./support/probed.js";

// On a machine that is busy: alone each takes some seconds at most.
const MOST_MS = 120_000;
const NOISE = "status\n".repeat(200);

/** Two clients talk a little; `others` adds one event each 10 ms. */
function small(others: Act[] = [], changes: Partial<WorldSpec> = {}): WorldSpec {
  const spec = drawWorld(4, { dialect: "exact", faults: [], listeners: 2, plain: true });
  const talk: Act[] = [
    { act: "connect" },
    ...["hello\n", "two\nlines\n", "quit\n"].map((text) => ({
      act: "write" as const,
      bytes: Buffer.from(text),
    })),
  ];
  const each = (acts: Act[], client: number, from: number) =>
    acts.map((act, index) => ({ ...act, client, at: from + index * (SECOND_NS / 100) }));
  const events = [...each(talk, 0, 0), ...each(talk, 1, 5), ...each(others, NO_CLIENT, SECOND_NS)];
  return { ...spec, events, calmAt: 2 * SECOND_NS, ...changes };
}

test.each(LATER_FAULTS)("worlds have %s, and go well", { timeout: MOST_MS }, (fault) => {
  const seeds = [...Array(30).keys()].filter((seed) => fault in drawWorld(seed).faults).slice(0, 2);
  expect(seeds).toHaveLength(2);
  for (const seed of seeds) {
    const spec = drawWorld(seed, { faults: [fault] });
    expect(play(spec, probed).failure, `seed ${seed}`).toBeUndefined();
  }
});

test(
  "a kill before any call leaves a listener that the next module takes over",
  () => {
    const { calls } = play(small(), probed);
    expect(calls).toBeGreaterThan(100);
    for (let call = 1; call <= calls; call++) {
      const { failure, guests } = play(
        small([], { kills: [{ at: "call", number: call }] }),
        probed,
      );
      expect(failure, `killed at call ${call}`).toBeUndefined();
      // There are no kills once the world is calm.
      if (call < calls / 2) expect(guests).toBe(2);
    }
  },
  MOST_MS,
);

test.each([
  [true, "stops", 1],
  [false, "goes on", 3],
])("at the end of stdin the chat, told to stop then: %s, %s", (stopAtEof, _does, lines) => {
  const late: WorldSpec = small([{ act: "eof" }]);
  const settings = { ...late.settings, stopAtEof };
  const afterwards = late.events.map((event) =>
    "bytes" in event && event.client === 0 && event.bytes.length > 6
      ? { ...event, at: event.at + 1.5 * SECOND_NS }
      : event,
  );
  const { failure, messages } = play({ ...late, settings, events: afterwards }, probed);
  expect(failure).toBeUndefined();
  expect(messages).toBeGreaterThanOrEqual(lines);
});

test.each(["resume", "close"] as const)("a stuck stdout and stderr, then: %s", (does) => {
  const put = (what: "pause" | "resume" | "close"): Act[] => [
    { act: "output", name: "stdout", does: what },
    { act: "output", name: "stderr", does: what },
  ];
  const spec = small([...put("pause"), { act: "command", text: NOISE }, ...put(does)]);
  expect(play(spec, probed).failure).toBeUndefined();
});
