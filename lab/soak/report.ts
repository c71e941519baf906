/** What a soak came to, and what is wrong with it. */
import { FAULTS, type Faults } from "./hearing.js";
import { type Growth, growthOf, MEMORY_TOLERANCE_BYTES, VALUES_LEAST } from "./growth.js";
import type { Latency, Sample } from "./samples.js";
import type { Runtime } from "./server.js";

export interface Descriptors {
  guest: number;
  launcher: number;
}

export interface Report {
  runtime: Runtime;
  samples: Sample[];
  /** Of the crowd: what it said, and what of it came to its members. */
  lines: number;
  deliveries: number;
  faults: Faults;
  visits: number;
  /** How many went, by the reason that the server gives. */
  gone: ReadonlyMap<string, number>;
  /** Of the whole soak. */
  latency: Latency;
  /** Open files: before anybody came, with the crowd alone, and after all had left. */
  descriptors: { start: Descriptors; crowd: Descriptors; end: Descriptors };
  exit: string;
  /** What went wrong, apart from faults and growth. */
  problems: string[];
}

export const PROCESSES = ["guest", "launcher"] as const;
/**
 * In less than this, the warm-up is longer than a third: on Node, the guest's memory was still
 * rising after three minutes, and level from about 200 s on in the one run of five.
 */
const JUDGED_SECONDS_LEAST = 600;
const MEBIBYTE = 1024 * 1024;

/** @returns whether the memory of one of the processes grows; undefined: it ran too short to say */
export function memoryGrowth(
  { samples }: Pick<Report, "samples">,
  process: (typeof PROCESSES)[number],
): Growth | undefined {
  const seconds = samples.at(-1)?.seconds ?? 0;
  if (samples.length < VALUES_LEAST || seconds < JUDGED_SECONDS_LEAST) return undefined;
  return growthOf(
    samples.map((sample) => sample[process].rssBytes),
    MEMORY_TOLERANCE_BYTES,
  );
}

/** @returns a line for all that is wrong; none, if the soak has passed */
export function failuresOf(report: Report): string[] {
  const faults = FAULTS.flatMap((name) =>
    report.faults[name] > 0 ? [`${report.faults[name]} deliveries ${name}`] : [],
  );
  const nothing = report.deliveries === 0 ? ["nobody heard anything"] : [];
  const growth = PROCESSES.flatMap((process) => {
    const found = memoryGrowth(report, process);
    return found?.grows === true ? [`the ${process}'s memory grows: ${inWords(found)}`] : [];
  });
  return [...report.problems, ...faults, ...nothing, ...growth];
}

function inWords({ before, after, rise, tolerance }: Growth): string {
  const mebibytes = (bytes: number): string => `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
  return (
    `median ${mebibytes(before)} in the second third, ${mebibytes(after)} in the last, where it ` +
    `rises by ${mebibytes(rise)}; ${mebibytes(tolerance)} are tolerated`
  );
}
