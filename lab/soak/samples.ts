/** What is measured in each interval of a soak. */
import type { RecordableHistogram } from "node:perf_hooks";
import type { ProcessFigures } from "./process_figures.js";

export interface Sample {
  /** Since the soak began. */
  seconds: number;
  guest: ProcessFigures;
  launcher: ProcessFigures;
  clients: number;
  /** A second, as the server counts them. */
  lines: number;
  deliveries: number;
  /** Faults that the crowd has noticed so far. */
  faults: number;
  /** From saying to hearing; nothing, if nothing was heard. */
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

/** A series of the samples that has a value for each. */
export type Series = (sample: Sample) => number;
