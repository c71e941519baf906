/** Seeded worlds around the chat's component, on the virtual host of WASI 0.3. */
import { describe, expect, test } from "vitest";
import { drawWorld } from "../../../lab/sim/draw.js";
import { DEFAULTS } from "../../../lab/sim/model/settings.js";
import { play } from "../../../lab/sim/play.js";
import { FAULT_NAMES, NO_CLIENT, type WorldSpec } from "../../../lab/sim/spec.js";
import { MILLISECOND_NS, SECOND_NS } from "../../../lab/world/world.js";
import { probedCore } from "./support/probed.js";

// On a machine that is busy: alone each takes some seconds at most.
const MOST_MS = 120_000;
const WORLDS = 10;
const abi = "p3";
/** The faults for components. A host of components stops a component whose stdout is not read. */
const FAULTS = FAULT_NAMES.filter((name) => name !== "stdio");

function quiet(changes: Partial<WorldSpec>): WorldSpec {
  const plain = drawWorld(4, { abi, faults: [], listeners: 1, style: "line", plain: true });
  return { ...plain, ...changes };
}

/** More clients connect than there are descriptors, again and again. */
function failsToAccept(rate: number): WorldSpec {
  const clients = Array.from({ length: 130 }, (_, client) => client);
  const bytes = Buffer.from("a\n".repeat(300));
  return quiet({
    settings: { ...DEFAULTS, style: "line", rate: 20, burst: 4 },
    streams: clients.map(() => ({ inboxBytes: 4096, outboxBytes: 4096, latencyNs: 0 })),
    faults: { accept: rate },
    calmAt: 14 * SECOND_NS,
    events: clients.flatMap((client) => {
      const [come, speak] = [client * MILLISECOND_NS, (1000 + 17 * client) * MILLISECOND_NS];
      const connect = { act: "connect" as const, at: come, client };
      return client < 3 ? [connect, { act: "write" as const, at: speak, client, bytes }] : connect;
    }),
  });
}

/** stdin has ended, and the guest is killed while it waits for an idle client's deadline. */
const endsWaiting = quiet({
  settings: { ...DEFAULTS, style: "line", idleSeconds: 3600 },
  streams: [{ inboxBytes: 4096, outboxBytes: 4096, latencyNs: 0 }],
  calmAt: 3 * SECOND_NS,
  events: [
    { act: "connect", at: SECOND_NS, client: 0 },
    { act: "eof", at: 2 * SECOND_NS, client: NO_CLIENT },
  ],
});

describe("the component does well", () => {
  test.each([120, 130, 140])(
    `in ${WORLDS} worlds from seed %i`,
    (first) => {
      let messages = 0;
      for (let seed = first; seed < first + WORLDS; seed++) {
        const played = play(drawWorld(seed, { abi }), probedCore);
        expect(played.failure, `seed ${seed}`).toBeUndefined();
        messages += played.messages;
      }
      expect(messages).toBeGreaterThan(1000);
    },
    MOST_MS,
  );

  test.each(FAULTS)("where worlds have %s", { timeout: MOST_MS }, (fault) => {
    const has = (seed: number) => fault in drawWorld(seed, { abi }).faults;
    const seeds = Array.from({ length: 200 }, (_, seed) => seed).filter(has);
    for (const seed of seeds.slice(0, 2)) {
      const spec = drawWorld(seed, { abi, faults: [fault] });
      expect(play(spec, probedCore).failure, `seed ${seed}`).toBeUndefined();
    }
    expect(seeds.length).toBeGreaterThan(1);
  });

  test("where an accept fails now and then", () => {
    expect(play(failsToAccept(0.3), probedCore).failure).toBeUndefined();
  });

  test("where none can be accepted for long: it rests meanwhile", () => {
    const { failure, calls } = play(failsToAccept(1), probedCore);
    expect(failure).toBeUndefined();
    // Each rest takes some calls, and there is at least one rest in a second.
    expect(calls).toBeLessThan(20_000);
  });

  test("where it closes several slow clients at once, whichever first", () => {
    expect(play(drawWorld(784, { abi }), probedCore).failure).toBeUndefined();
  });

  test("where it is ended in a wait", () => {
    expect(play(endsWaiting, probedCore).failure).toBeUndefined();
  });
});

test("a seed is a world, twice the same", () => {
  const spec = drawWorld(4, { abi });
  expect(play(spec, probedCore)).toEqual(play(spec, probedCore));
  expect(drawWorld(4, { abi })).toEqual(spec);
});
