/** Checks what the simulator's clients receive in style json against the schema of the protocol. */
import { afterEach, expect, test, vi } from "vitest";
import { drawWorld } from "../../../lab/sim/draw.js";
import { play } from "../../../lab/sim/play.js";
import { Transit } from "../../../lab/sim/transit.js";
import { ProtocolCheck } from "../../support/protocol.js";
import { probed } from "./support/probed.js";

const WORLDS = 4;

afterEach(() => void vi.restoreAllMocks());

test(`in ${WORLDS} worlds, every object is as the schema has it`, { timeout: 120_000 }, () => {
  const checks = new Map<Transit, ProtocolCheck>();
  const arrived = vi.spyOn(Transit.prototype, "arrived");
  for (let seed = 2000; seed < 2000 + WORLDS; seed++) {
    expect(play(drawWorld(seed), probed).failure, `seed ${seed}`).toBeUndefined();
    arrived.mock.calls.forEach(([bytes], at) => {
      const transit = arrived.mock.contexts[at] as Transit;
      const check = checks.get(transit) ?? new ProtocolCheck();
      checks.set(transit, check);
      check.take(bytes);
    });
    arrived.mockClear();
  }
  const all = [...checks.values()];
  expect(all.flatMap(({ mistakes }) => mistakes)).toEqual([]);
  expect(all.reduce((sum, { objects }) => sum + objects, 0)).toBeGreaterThan(100);
});
