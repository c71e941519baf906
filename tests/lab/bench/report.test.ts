/** The benchmark's report: ratios within a run, targets that are met or missed, and faults. */
import { expect, test } from "vitest";
import { median, ratios } from "../../../lab/bench/figures.mjs";
import type { Measured } from "../../../lab/bench/main.mjs";
import type { Found } from "../../../lab/bench/measure.mjs";
import { type Generator, SCENARIOS } from "../../../lab/bench/scenarios.mjs";
import {
  inColumns,
  inMarkdown,
  nagleCosts,
  nagleDelays,
  ratioTable,
  scenarioTable,
} from "../../../lab/bench/tables.mjs";
import { verdicts } from "../../../lab/bench/targets.mjs";

const FAULTS = { lost: 0, doubled: 0, disordered: 0, damaged: 0, closed: 0, refused: 0 };

function found(serverCpuSeconds: number, more: Partial<Found> = {}): Found {
  return {
    ...{ seconds: 1, deliveries: 1_000_000, deliveriesPerSecond: 1e6, serverCpuSeconds },
    ...{ ownCpuSeconds: 0.1, otherCpuSeconds: 0, p50Us: 10, p99Us: 20, maxUs: 30 },
    ...{ setupSeconds: 0.1, setupCpuSeconds: 0.1, rssStart: 0, rssIn: 0, rssEnd: 1_048_576 },
    ...{ guestStart: 0, guestEnd: 0, noDelay: 1 },
    ...{ said: 10_000, sharing: 100, churned: 0, churnFailed: 0, silentClosed: 0 },
    ...{ faults: FAULTS, ...more },
  };
}

function measured(
  name: string,
  runs: Record<string, (Found | undefined)[]>,
  generator: Generator = "spinning",
): Measured {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return { scenario, generator, found: new Map(Object.entries(runs)), failed: new Map() };
}

/** Native epoll and the component, with TCP_NODELAY and without. */
function four(epoll: number, nagle: number, p3: number, p3NoDelay: number) {
  return {
    epoll: [found(epoll)],
    "epoll-nagle": [found(nagle, { noDelay: 0, p50Us: 400, p99Us: 30_000 })],
    "pollcast-p3": [found(p3, { noDelay: 0, p50Us: 500, p99Us: 31_000 })],
    "pollcast-p3-nodelay": [found(p3NoDelay, { p50Us: 100, p99Us: 200 })],
  };
}

/** Returns the targets that were measured, with their verdicts; restarts are left out. */
function known(...all: Measured[]) {
  return verdicts(all, [])
    .filter(({ met }) => met !== undefined)
    .map(({ target, measured: value, met }) => [target, value, met]);
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
  const verdict = verdicts(all, [40, 60, 50]).filter(({ met }) => met !== undefined);
  expect(verdict.map(({ target, measured: value, met }) => [target, value, met])).toEqual([
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

test("the component is held against native epoll that is alike in TCP_NODELAY", () => {
  expect(known(measured("G", four(1, 0.5, 1.1, 1.9)))).toEqual([
    ["G: p3 at most 2 of native epoll, both with TCP_NODELAY", "1.90", true],
    ["G: p3 at most 2 of native epoll, both without TCP_NODELAY", "2.20", false],
  ]);
});

test("targets hold for a generator that sleeps as for one that spins", () => {
  const both = [
    measured("B", four(1, 1, 1.2, 1.2)),
    measured("B", four(1, 1, 1.3, 1.2), "sleeping"),
  ];
  expect(known(...both)).toEqual([
    ["B: p3 at most 1.25 of native epoll, both with TCP_NODELAY", "1.20", true],
    ["B: p3 at most 1.25 of native epoll, both without TCP_NODELAY", "1.20", true],
    ["B asleep: p3 at most 1.25 of native epoll, both with TCP_NODELAY", "1.20", true],
    ["B asleep: p3 at most 1.25 of native epoll, both without TCP_NODELAY", "1.30", false],
  ]);
  expect(ratioTable(both).head).toEqual(["server", "B", "B asleep"]);
});

test("the delay among thousands who are silent is held against its bound", () => {
  const delays = known(measured("S5000", four(1, 1, 1, 1))).filter(([target]) =>
    String(target).includes("p50"),
  );
  expect(delays).toEqual([
    ["S5000: p50 of pollcast-p3-nodelay at most 0.3 ms", "0.10", true],
    ["S5000: p50 of pollcast-p3 at most 0.3 ms", "0.50", false],
  ]);
});

test("an idle client's memory is the process's", () => {
  const kilobytes = (each: number) => [found(0, { rssStart: 1e6, rssEnd: 1e6 + 1e7 * each })];
  const verdict = (each: number) =>
    known(measured("D10", { "pollcast-p3": kilobytes(each) }, "sleeping"));
  const target = "D10: p3 has at most 5 KB for an idle client, host and guest";
  expect(verdict(4.7)).toEqual([[target, "4.70", true]]);
  expect(verdict(5.1)).toEqual([[target, "5.10", false]]);
});

test("which server has TCP_NODELAY is in the table, and those without have a ratio to their like", () => {
  const one = measured("E", { ...four(1, 0.5, 1.5, 1.6), go: [found(2, { noDelay: -1 })] });
  const { head, rows } = scenarioTable(one);
  const column = (title: string) => rows.map((row) => row[head.indexOf(title)]);
  expect(column("TCP_NODELAY")).toEqual(["yes", "no", "no", "yes", "unknown"]);
  expect(column("to epoll")).toEqual(["1.00", "0.50", "1.50", "1.60", "2.00"]);
  expect(column("to epoll-nagle")).toEqual(["", "1.00", "3.00", "", ""]);
});

test("what Nagle's algorithm costs stands in a row, where all four were measured", () => {
  const all = [
    measured("E", four(1, 0.5, 1.5, 1.6)),
    measured("A", { epoll: [found(1)], "pollcast-p3": [found(1)] }),
  ];
  expect(nagleCosts(all)).toEqual({
    head: [
      ...["scenario", "p3 with by epoll", "p3 without by epoll without"],
      ...["epoll without by epoll", "p3 without by p3 with"],
    ],
    rows: [["E", "1.60", "3.00", "0.50", "0.94"]],
  });
  expect(nagleDelays(all).rows).toEqual([
    ["E", "10, 20", "400, 30,000", "100, 200", "500, 31,000"],
  ]);
});
