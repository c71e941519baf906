/** What the benchmark makes of figures: ratios within a run, targets met and missed, faults named. */
import { expect, test } from "vitest";
import { median, ratios } from "../../bench/figures.mjs";
import type { Measured } from "../../bench/main.mjs";
import type { Found } from "../../bench/measure.mjs";
import { SCENARIOS } from "../../bench/scenarios.mjs";
import { inColumns, inMarkdown, ratioTable, scenarioTable } from "../../bench/tables.mjs";
import { verdicts } from "../../bench/targets.mjs";

const FAULTS = { lost: 0, doubled: 0, disordered: 0, damaged: 0, closed: 0, refused: 0 };

function found(serverCpuSeconds: number, more: Partial<Found> = {}): Found {
  return {
    ...{ seconds: 1, deliveries: 1_000_000, deliveriesPerSecond: 1e6, serverCpuSeconds },
    ...{ ownCpuSeconds: 0.1, otherCpuSeconds: 0, p50Us: 10, p99Us: 20, maxUs: 30 },
    ...{ setupSeconds: 0.1, setupCpuSeconds: 0.1, rssStart: 0, rssIn: 0, rssEnd: 1_048_576 },
    ...{ guestStart: 0, guestEnd: 0 },
    ...{ said: 10_000, sharing: 100, churned: 0, churnFailed: 0, silentClosed: 0 },
    ...{ faults: FAULTS, ...more },
  };
}

function measured(name: string, runs: Record<string, (Found | undefined)[]>): Measured {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return { scenario, found: new Map(Object.entries(runs)), failed: new Map() };
}

test("a median is the one in the middle, or the mean of two", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test("a ratio is to the same repetition, and repetitions that one of the two lacks do not count", () => {
  // A machine that was twice as slow in the second run.
  expect(ratios([0.11, 0.24, 5], [0.1, 0.2, undefined])).toEqual({
    middle: expect.closeTo(1.15, 5) as number,
    least: expect.closeTo(1.1, 5) as number,
    most: expect.closeTo(1.2, 5) as number,
  });
  expect(ratios([1], [0])).toBeUndefined();
});

test("a target is held against the median, as it is printed", () => {
  const runs = (cpu: number) => [found(cpu), found(cpu), found(2 * cpu)];
  const verdictOf = (ours: number) =>
    verdicts([measured("A", { epoll: runs(0.1), pollcast: runs(ours) })], []).find(({ target }) =>
      target.startsWith("A: CPU per delivery"),
    );
  expect(verdictOf(0.1104)).toMatchObject({ measured: "1.10", met: true });
  expect(verdictOf(0.111)).toMatchObject({ measured: "1.11", met: false });
});

test("rivals are held against ours, and what was not measured is no verdict", () => {
  const all = [measured("H", { epoll: [found(1)], pollcast: [found(2)], "go-wasm": [found(3)] })];
  const known = verdicts(all, [40, 60, 50]).filter(({ met }) => met !== undefined);
  expect(known.map(({ target, measured: value, met }) => [target, value, met])).toEqual([
    ["H: CPU per delivery at most 1.25 of native epoll", "2.00", false],
    ["H: go-wasm costs at least 1.2 of ours", "1.50", true],
    ["restart after kill -9: served within 300 ms", "50", true],
  ]);
});

test("what was lost is in the table and in the verdict", () => {
  const lossy = found(1, { faults: { ...FAULTS, lost: 3 } });
  const one = measured("K", { epoll: [found(1), found(1)], pollcast: [found(1), lossy] });
  expect(scenarioTable(one).rows.map((row) => row.at(-1))).toEqual(["", "3 lost"]);
  const verdict = verdicts([one], []).find(({ target }) => target.startsWith("K: nobody refused"));
  expect(verdict).toMatchObject({ measured: "3 lost", met: false });
});

test("a server that failed has a row that says why, and one that failed once has figures too", () => {
  const one = measured("A", { epoll: [found(0.1)], go: [], node: [found(0.2), undefined] });
  one.failed.set("go", "no port").set("node", "killed");
  const text = inColumns(scenarioTable(one));
  expect(text).toMatch(/^go +failed: no port$/m);
  expect(text).toMatch(/^node +2\.00 .*a run failed: killed$/m);
  expect(inMarkdown(ratioTable([one]))).toBe(
    "| server | A |\n| --- | ---: |\n| epoll | 1.00 |\n| go | - |\n| node | 2.00 |\n",
  );
});
