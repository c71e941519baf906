/** The curves of the charts, in the units that they show. */
import type { Sample, Series } from "./samples.js";

const MEBIBYTE = 1024 * 1024;

export interface Curve {
  name: string;
  of: Series;
}

export interface Panel {
  title: string;
  unit: string;
  curves: readonly Curve[];
}

export const PANELS: readonly Panel[] = [
  {
    title: "memory",
    unit: "MiB",
    curves: [
      { name: "guest", of: ({ guest }) => guest.rssBytes / MEBIBYTE },
      { name: "launcher", of: ({ launcher }) => launcher.rssBytes / MEBIBYTE },
    ],
  },
  {
    title: "open files",
    unit: "",
    curves: [
      { name: "guest", of: ({ guest }) => guest.descriptors },
      { name: "launcher", of: ({ launcher }) => launcher.descriptors },
      { name: "clients", of: ({ clients }) => clients },
    ],
  },
  {
    title: "latency",
    unit: "ms",
    curves: [
      { name: "p99", of: ({ latency }) => latency.p99Ms },
      { name: "p50", of: ({ latency }) => latency.p50Ms },
    ],
  },
  {
    title: "deliveries",
    unit: "a second",
    curves: [{ name: "deliveries", of: ({ deliveries }) => deliveries }],
  },
];

/** Returns a process's CPU time over all samples, in percent of one core. */
export function cpuPercentOf(samples: readonly Sample[], process: "guest" | "launcher"): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || first === last) return NaN;
  const used = last[process].cpuSeconds - first[process].cpuSeconds;
  return (100 * used) / (last.seconds - first.seconds);
}
