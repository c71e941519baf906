/** The measurements of one interval of a soak. */
import type { RecordableHistogram } from "node:perf_hooks";
import type { ProcessFigures } from "./process_figures.js";

export interface Sample {
  /** Seconds since the start of the soak. */
  seconds: number;
  guest: ProcessFigures;
  launcher: ProcessFigures;
  clients: number;
  /** Rates per second, from the server's counters. */
  lines: number;
  deliveries: number;
  /** Faults that the crowd has found so far. */
  faults: number;
  /** From sending to receiving; NaN if nothing was received. */
  latency: Latency;
}

export interface Latency {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

const MICROSECONDS_PER_MS = 1000;

export function latencyOf(histogram: RecordableHistogram): Latency {
  if (histogram.count === 0) return { p50Ms: NaN, p99Ms: NaN, maxMs: NaN };
  return {
    p50Ms: histogram.percentile(50) / MICROSECONDS_PER_MS,
    p99Ms: histogram.percentile(99) / MICROSECONDS_PER_MS,
    maxMs: histogram.max / MICROSECONDS_PER_MS,
  };
}

/** Returns one value per sample: a series for a chart. */
export type Series = (sample: Sample) => number;
