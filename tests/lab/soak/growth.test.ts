/** The detection of growth, on made-up series in MiB, with one value for each interval. */
import { describe, expect, test } from "vitest";
import { growthOf, medianOf, VALUES_LEAST } from "../../../lab/soak/growth.js";
import { Random } from "../../../lab/world/random.js";

const VALUES = 120;
const CONSTANT = 4;
const LEVEL = 60;
/** 5 % of the level, and the constant. */
const TOLERANCE = 7;

const random = new Random(7);
const noise = (amplitude: number): number => amplitude * (random.next() / 2 ** 31 - 1);

/** A series around the level, plus what `of` says for each of its values; `at` is from 0 to 1. */
function series(of: (at: number, index: number) => number, length = VALUES): number[] {
  return Array.from({ length }, (_, index) => LEVEL + of(index / (length - 1), index));
}

const grows = (values: readonly number[]): boolean => growthOf(values, CONSTANT).grows;

describe("passes", () => {
  test.each([
    ["flat", series(() => 0)],
    ["flat and noisy", series(() => noise(5))],
    ["a collector's sawtooth, fast", series((_, index) => (index % 7) * 6)],
    ["a sawtooth whose last ramp fills the last third", series((at) => ((at * 3) % 1) * 40)],
    ["one that falls", series((at) => -30 * at)],
    ["growth that levels off", series((at) => 80 * (1 - Math.exp(-at / 0.1)) + noise(2))],
    ["a warm-up of a third", series((at) => 100 * Math.min(at * 3, 1) + noise(2))],
    ["single peaks, late", series((at, index) => (at > 0.7 && index % 9 === 0 ? 500 : noise(1)))],
    // Not a leak: the largest crowd so far has left its mark, and a Wasm memory never shrinks.
    ["one step, after which nothing rises", series((at) => (at < 0.6 ? 0 : 50) + noise(2))],
    ["a leak within the tolerance", series((at) => at * 3 * (TOLERANCE - 1))],
  ])("%s", (_, values) => expect(grows(values)).toBe(false));
});

describe("fails", () => {
  test.each([
    ["a slow leak", series((at) => at * 30 + noise(2))],
    ["a leak past the tolerance by little", series((at) => at * 3 * (TOLERANCE + 2))],
    ["a leak under a sawtooth", series((at, index) => at * 60 + (index % 7) * 6)],
    ["a leak that begins after the warm-up", series((at) => Math.max(0, at - 0.4) * 80)],
    ["growth that gets faster", series((at) => 100 * at ** 3)],
    ["steps without an end", series((at) => Math.floor(at * 15) * 5)],
    ["the shortest series that is judged", series((at) => at * 60, VALUES_LEAST)],
  ])("%s", (_, values) => expect(grows(values)).toBe(true));
});

test("says by how much", () => {
  const { before, after, rise, tolerance } = growthOf(
    series((at) => at * 119),
    CONSTANT,
  );
  expect(before).toBeCloseTo(LEVEL + 59.5);
  expect(after).toBeCloseTo(LEVEL + 99.5);
  expect(rise).toBeCloseTo(40);
  expect(tolerance).toBeCloseTo(0.05 * before + CONSTANT);
});

test.each([
  [[], 0],
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 2, 100], 3],
])("the median of %j is %d", (values, median) => expect(medianOf(values)).toBe(median));
