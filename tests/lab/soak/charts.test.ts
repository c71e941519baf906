/** The curves of a soak, as a line of text and as an SVG. */
import { expect, test } from "vitest";
import type { Sample } from "../../../lab/soak/samples.js";
import { sparkline } from "../../../lab/soak/sparkline.js";
import { svgOf } from "../../../lab/soak/svg.js";

const BARS = "▁▂▃▄▅▆▇█";
const MEBIBYTE = 1024 * 1024;

test.each([
  ["rises", [0, 1, 2, 3, 4, 5, 6, 7], BARS],
  ["is flat", [5, 5, 5], "▁▁▁"],
  ["has a gap", [1, NaN, 2], "▁ █"],
  ["is empty", [], ""],
])("a line that %s", (_, values, line) => expect(sparkline(values)).toBe(line));

test("many values share a column, which shows the largest of them", () => {
  const values = Array.from({ length: 600 }, (_, at) => (at === 305 ? 9 : 0));
  expect(sparkline(values)).toBe("▁".repeat(30) + "█" + "▁".repeat(29));
});

function sampleAt(seconds: number, mebibytes: number, p99Ms: number): Sample {
  const figures = { rssBytes: mebibytes * MEBIBYTE, threads: 1, descriptors: 9, cpuSeconds: 0 };
  const latency = { p50Ms: p99Ms / 2, p99Ms, maxMs: p99Ms };
  const counts = { clients: 3, lines: 1, deliveries: 1, faults: 0 };
  return { seconds, guest: figures, launcher: figures, ...counts, latency };
}

test("the SVG has axes with units, and each value in its place", () => {
  const svg = svgOf("a & b", [sampleAt(0, 0, 1), sampleAt(60, 50, NaN), sampleAt(120, 100, 3)]);
  expect(svg).toContain("a &amp; b");
  for (const label of ["memory, MiB", "latency, ms", "deliveries, a second", "time, minutes"])
    expect(svg).toContain(`>${label}<`);
  const [memory = ""] = svg.match(/(?<=points=")[^"]*/) ?? [];
  // From the axis at the left to the right edge; from the bottom of the panel to its top.
  expect(memory).toBe("70.0,218.0 475.0,151.0 880.0,84.0");
  expect(svg).not.toContain("NaN");
});

test("a soak that ended before its first sample is drawn, too", () => {
  expect(svgOf("nothing", [])).not.toMatch(/NaN|Infinity/);
});
