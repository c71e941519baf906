/**
 * Whether a series grows without an end, or only fluctuates and levels off.
 *
 * The first third is warm-up and does not count. A series grows if
 *   - it is higher: the median of the last third lies above that of the second by more than the
 *     tolerance, 5 % and a constant; and
 *   - it is rising: the slope of the last third (Theil-Sen: the median of the slopes between all
 *     pairs), carried over a third, is more than half the tolerance.
 * Medians and Theil-Sen do not care for single peaks. Both must hold: a collector's sawtooth may
 * rise in the last third, but is not higher; one step is higher, but rises no more. A step passes,
 * since a Wasm memory never shrinks: the largest crowd so far leaves its mark. A leak goes on.
 */

export const TOLERANCE_SHARE = 0.05;
export const MEMORY_TOLERANCE_BYTES = 4 * 1024 * 1024;
/** With fewer values a third says nothing. */
export const VALUES_LEAST = 30;

export interface Growth {
  /** Median of the second third. */
  before: number;
  /** Median of the last third. */
  after: number;
  /** How much the slope of the last third adds in a third. */
  rise: number;
  tolerance: number;
  grows: boolean;
}

/** @param series values at equal distances, {@link VALUES_LEAST} of them at least */
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

/** Theil and Sen's, for each step of the series. */
function slopeOf(values: readonly number[]): number {
  return medianOf(
    values.flatMap((value, at) =>
      values.slice(at + 1).map((later, distance) => (later - value) / (distance + 1)),
    ),
  );
}
