/**
 * Decides whether a series grows without limit, or only fluctuates and levels off.
 *
 * The first third is warm-up and does not count. A series grows if
 *
 *     - it is higher: the median of the last third exceeds that of the second third by more than
 * the tolerance, 5 % and a constant; and
 *
 *     - it is rising: the slope of the last third (Theil-Sen: the median of the slopes between all
 * pairs), extrapolated over a third, is more than half the tolerance.
 *
 * Medians and Theil-Sen ignore single peaks. Both conditions must hold: a garbage collector's
 * sawtooth may rise in the last third but is not higher, and a single step is higher but rises no
 * more. A step is allowed, since a Wasm memory never shrinks: the largest crowd so far determines
 * its size. A leak keeps rising.
 */

export const TOLERANCE_SHARE = 0.05;
export const MEMORY_TOLERANCE_BYTES = 4 * 1024 * 1024;
/** The least number of values; with fewer a third is too short. */
export const VALUES_LEAST = 30;

export interface Growth {
  /** The median of the second third. */
  before: number;
  /** The median of the last third. */
  after: number;
  /** The increase within a third of the series, at the slope of the last third. */
  rise: number;
  tolerance: number;
  grows: boolean;
}

/**
 * @param series values at equal intervals, at least {@link VALUES_LEAST} of them
 * @param constant the constant part of the tolerance, in the unit of the series
 */
export function growthOf(series: readonly number[], constant: number): Growth {
  const third = Math.floor(series.length / 3);
  const last = series.slice(series.length - third);
  const before = medianOf(series.slice(series.length - 2 * third, series.length - third));
  const after = medianOf(last);
  const rise = slopeOf(last) * third;
  const tolerance = TOLERANCE_SHARE * before + constant;
  const grows = after - before > tolerance && rise > tolerance / 2;
  return { before, after, rise, tolerance, grows };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, two) => one - two);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** Returns the Theil-Sen slope, for each step of the series. */
function slopeOf(values: readonly number[]): number {
  return medianOf(
    values.flatMap((value, at) =>
      values.slice(at + 1).map((later, distance) => (later - value) / (distance + 1)),
    ),
  );
}
