/** A run of the benchmark: the C peer with and without TCP_NODELAY, under both generators. */
import { beforeAll, expect, test } from "vitest";
import { build, cPeer, generator, noDelay, starter } from "../../../lab/bench/build.mjs";
import { chooseCores, measure } from "../../../lab/bench/measure.mjs";
import { type Generator, GENERATORS, loadOf, SCENARIOS } from "../../../lab/bench/scenarios.mjs";

const LIMITS = ["16384", "1048576"];
const NO_FAULTS = { lost: 0, doubled: 0, disordered: 0, damaged: 0, closed: 0, refused: 0 };

let epoll: string;
let preload: string;

beforeAll(async () => {
  const silent = () => undefined;
  await build(generator, silent);
  await build(starter, silent);
  epoll = await build(cPeer("epoll"), silent);
  preload = `LD_PRELOAD=${await build(noDelay, silent)}`;
});

test.each<[string, number, () => string[]]>([
  ["as all are", 1, () => [epoll, ...LIMITS]],
  ["without", 0, () => ["--nagle", epoll, ...LIMITS]],
  ["set from outside", 1, () => ["--nagle", "env", preload, epoll, ...LIMITS]],
])("TCP_NODELAY is seen in the server's own connections: %s", async (_, expected, command) => {
  const words = { clients: 2, senders: 1, window: 1, seconds: 0.05 };
  const found = await measure(command(), words, chooseCores());
  expect(found.noDelay).toBe(expected);
  expect(found.faults).toEqual(NO_FAULTS);
  expect(found.deliveries).toBeGreaterThan(0);
});

function scenarioOf(name: string, kind: Generator) {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return loadOf(scenario, kind);
}

test.each(GENERATORS)("ten talk among those who are silent, generator %s", async (kind) => {
  const words = { ...scenarioOf("S100", kind), warm: 0.05, seconds: 0.2 };
  const { deliveries, faults, said } = await measure([epoll, ...LIMITS], words, chooseCores());
  expect(faults).toEqual(NO_FAULTS);
  // The ten clients of the room get each line, and no others.
  expect(deliveries).toBeLessThanOrEqual(10 * said);
  expect(deliveries).toBeGreaterThan(said);
});
