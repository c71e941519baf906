/** The durations of the server's ticks in a period, from the statistics that it counts itself. */

const NANOSECONDS_PER_MS = 1_000_000;

/** A histogram in the answer to `stats`: one count more than bounds, in nanoseconds. */
export interface Histogram {
  bounds: number[];
  counts: number[];
}

export interface Ticks {
  perSecond: number;
  /** The median and the 99th percentile in milliseconds: the upper bounds of their buckets. */
  p50: number;
  p99: number;
}

/** Returns the histogram of the ticks, out of the object in the answer to `stats`. */
export function ticksOf(stats: unknown): Histogram {
  return (stats as { loop: { working: Histogram } }).loop.working;
}

/** Returns the ticks between two histograms. */
export function ticksBetween(before: Histogram, after: Histogram, seconds: number): Ticks {
  const counts = after.counts.map((count, at) => count - (before.counts[at] ?? 0));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const boundOf = (share: number): number => {
    let seen = 0;
    const at = counts.findIndex((count) => (seen += count) >= total * share);
    return (after.bounds[at] ?? Infinity) / NANOSECONDS_PER_MS;
  };
  return { perSecond: total / seconds, p50: boundOf(0.5), p99: boundOf(0.99) };
}
