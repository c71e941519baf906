/** The problems that make a soak fail. */
import { expect, test } from "vitest";
import { failuresOf, type Report } from "../../../lab/soak/report.js";
import type { Sample } from "../../../lab/soak/samples.js";

const SAMPLES = 120;
const MEBIBYTE = 1024 * 1024;
const LATENCY = { p50Ms: 1, p99Ms: 2, maxMs: 3 };
const OPEN = { guest: 12, launcher: 28 };

/** A report that passes, unless the guest's memory grows or `other` says otherwise. */
function report(minutes: number, leakMebibytes: number, other: Partial<Report> = {}): Report {
  const samples = Array.from({ length: SAMPLES }, (_, index): Sample => {
    const share = (index + 1) / SAMPLES;
    const figures = { rssBytes: 60 * MEBIBYTE, threads: 1, descriptors: 9, cpuSeconds: 0 };
    const guest = { ...figures, rssBytes: (60 + share * leakMebibytes) * MEBIBYTE };
    const counts = { clients: 3, lines: 1, deliveries: 1, faults: 0 };
    return { seconds: share * minutes * 60, guest, launcher: figures, ...counts, latency: LATENCY };
  });
  return {
    ...{ runtime: "node", samples, lines: 9, deliveries: 27, visits: 5, gone: new Map() },
    faults: { lost: 0, doubled: 0, disordered: 0, damaged: 0 },
    descriptors: { start: OPEN, crowd: OPEN, end: OPEN },
    ...{ latency: LATENCY, exit: "code 0", problems: [], ...other },
  };
}

test("a quiet soak passes, and a leak too short to be told from warming up", () => {
  expect(failuresOf(report(10, 0))).toEqual([]);
  expect(failuresOf(report(9, 60))).toEqual([]);
});

test("memory that grows fails it", () => {
  expect(failuresOf(report(10, 60))).toEqual([
    expect.stringMatching(
      /^the guest's memory grows: median 90\.\d MiB .* 110\.\d MiB in the last/,
    ),
  ]);
});

test("so does each fault, each problem, and silence", () => {
  const faults = { lost: 1, doubled: 2, disordered: 3, damaged: 4 };
  const problems = ["something else"];
  expect(failuresOf(report(1, 0, { faults, problems, deliveries: 0 }))).toEqual([
    "something else",
    "1 deliveries lost",
    "2 deliveries doubled",
    "3 deliveries disordered",
    "4 deliveries damaged",
    "nobody heard anything",
  ]);
});
