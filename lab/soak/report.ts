/** The results of a soak, and the checks on them. */
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
  /** The number of lines that the crowd sent. */
  lines: number;
  /** The number of lines that the clients of the crowd received. */
  deliveries: number;
  faults: Faults;
  visits: number;
  /** The number of closed connections, by the server's reason. */
  gone: ReadonlyMap<string, number>;
  /** Over the whole soak. */
  latency: Latency;
  /**
   * Open descriptors: before the first client, with the crowd alone, and after all clients left.
   */
  descriptors: { start: Descriptors; crowd: Descriptors; end: Descriptors };
  exit: string;
  /** Other problems than faults and growth. */
  problems: string[];
}

export const PROCESSES = ["guest", "launcher"] as const;
/**
 * The least duration in seconds that is judged. In a shorter run, the warm-up takes more than a
 * third: on Node, the guest's memory still rose after three minutes; in the one run of five
 * minutes, it was level from about 200 s on.
 */
const JUDGED_SECONDS_LEAST = 600;
const MEBIBYTE = 1024 * 1024;

/** Judges the growth of a process's memory. @returns undefined if the soak was too short */
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

/** @returns one line for each problem; none if the soak has passed */
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
