/**
 * The report of a siege: the honest clients before and during it, and the closes of the attackers.
 */
import type { Period } from "./honest.js";
import type { Report } from "./run.js";
import { ticksBetween } from "./ticks.js";

/** The most joins and leaves that a room is told of at once. */
const ANNOUNCEMENTS_AT_ONCE = 5;
/** The most joins and leaves a second that a room is told of after these. */
const ANNOUNCEMENTS_A_SECOND = 5;
/** The latencies during the siege, as multiples of those before it. */
const P50_RATIO_MOST = 1.5;
const P99_RATIO_MOST = 3;
/** Shorter latencies before the siege count as this one: a wait for a processor may be as long. */
const LATENCY_FLOOR_MS = 1;
/** The memory after the siege, as a multiple of that in its midst. */
const MEMORY_RATIO_MOST = 1.25;

export function reportOf(report: Report): string {
  const { plan, before, during, outcomes, closed } = report;
  const lines = [
    `${plan.honest} honest people on ${plan.runtime}:`,
    "           lines/s   heard/s  joins/s   p50 ms   p99 ms   most ms",
    row("before", before),
    row("during", during),
    ...ticksRows(report),
    `  ${report.lost.length} sent away, ${report.missing} lines not heard by somebody, ` +
      `the paste of 200 lines heard by ${report.pasteHeard}`,
    `  memory: ${report.memoryMib.map((mib) => mib.toFixed(0)).join(", ")} MiB before, in the ` +
      "midst, and after",
    "",
  ];
  for (const { kind, fates } of outcomes) {
    lines.push(`${kind}:`);
    for (const [fate, count] of Object.entries(fates)) lines.push(`  ${count}: ${fate}`);
  }
  const reasons = [...closed].map(([reason, count]) => `${reason} ${count}`);
  lines.push(
    "",
    `the server's log: ${reasons.join(", ")}; it ended with ${report.exit ?? "a signal"}`,
  );
  return `${lines.join("\n")}\n`;
}

/** Returns the server's ticks before and during the siege: its own share of the latencies. */
function ticksRows({ before, during, ticks: [start, midst, end] }: Report): string[] {
  if (start === undefined || midst === undefined || end === undefined) return [];
  const rows = [
    ["before", ticksBetween(start, midst, before.seconds)] as const,
    ["during", ticksBetween(midst, end, during.seconds)] as const,
  ];
  return rows.map(
    ([name, { perSecond, p50, p99 }]) =>
      `  the server's ticks ${name}: ${perSecond.toFixed(0)} a second, ` +
      `half below ${p50.toFixed(2)} ms, 99 % below ${p99.toFixed(2)} ms`,
  );
}

function row(name: string, { seconds, said, heard, announced, p50, p99, most }: Period): string {
  const cells = [said / seconds, heard / seconds, announced / seconds, p50, p99, most];
  return `  ${name.padEnd(7)}${cells.map((cell) => cell.toFixed(1).padStart(9)).join("")}`;
}

/** Returns what went wrong, one line each; an empty list if the honest clients were served well. */
export function failuresOf(report: Report): string[] {
  const { lost, missing, pasteHeard, plan, exit, during } = report;
  const failures: string[] = [];
  if (lost.length > 0)
    failures.push(`${lost.length} honest people were sent away: ${lost[0] ?? ""}`);
  const allowed = ANNOUNCEMENTS_AT_ONCE + ANNOUNCEMENTS_A_SECOND * during.seconds;
  if (during.announced > allowed)
    failures.push(`${during.announced} joins and leaves were told, ${allowed.toFixed(0)} at most`);
  if (missing !== 0) failures.push(`${missing} honest lines were not heard`);
  if (pasteHeard !== plan.honest) failures.push(`the paste was heard by ${pasteHeard} alone`);
  if (exit !== 0) failures.push(`the server ended with ${exit ?? "a signal"}`);
  if (plan.isTimed) failures.push(...slownessOf(report));
  return failures;
}

/** Returns the figures of honest clients and memory that are worse than before the siege allows. */
function slownessOf({ before, during, memoryMib }: Report): string[] {
  const failures: string[] = [];
  const most = (before: number, ratio: number) => Math.max(before, LATENCY_FLOOR_MS) * ratio;
  if (during.p50 > most(before.p50, P50_RATIO_MOST))
    failures.push(`p50 is ${during.p50.toFixed(1)} ms, and was ${before.p50.toFixed(1)}`);
  if (during.p99 > most(before.p99, P99_RATIO_MOST))
    failures.push(`p99 is ${during.p99.toFixed(1)} ms, and was ${before.p99.toFixed(1)}`);
  const [, midst = 0, after = 0] = memoryMib;
  if (after > midst * MEMORY_RATIO_MOST)
    failures.push(`the memory grew from ${midst.toFixed(0)} to ${after.toFixed(0)} MiB`);
  return failures;
}
