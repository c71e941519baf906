/**
 * The report of a siege: the honest clients before and during it, and what became of the attackers.
 */
import type { Period } from "./honest.js";
import type { Report } from "./run.js";

/** A room may be told of so many joins and leaves a second, over the whole siege. */
const ANNOUNCEMENTS_MOST = 6;

export function reportOf(report: Report): string {
  const { plan, before, during, outcomes, closed } = report;
  const lines = [
    `${plan.honest} honest people on ${plan.runtime}:`,
    "           lines/s   heard/s  joins/s   p50 ms   p99 ms   most ms",
    row("before", before),
    row("during", during),
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

function row(name: string, { seconds, said, heard, announced, p50, p99, most }: Period): string {
  const cells = [said / seconds, heard / seconds, announced / seconds, p50, p99, most];
  return `  ${name.padEnd(7)}${cells.map((cell) => cell.toFixed(1).padStart(9)).join("")}`;
}

/** Returns what went wrong, one line each; an empty list if the honest clients were served well. */
export function failuresOf({ lost, missing, pasteHeard, plan, exit, during }: Report): string[] {
  const failures: string[] = [];
  if (lost.length > 0)
    failures.push(`${lost.length} honest people were sent away: ${lost[0] ?? ""}`);
  const announced = during.announced / during.seconds;
  if (announced > ANNOUNCEMENTS_MOST)
    failures.push(`${announced.toFixed(1)} joins and leaves a second were announced`);
  if (missing !== 0) failures.push(`${missing} honest lines were not heard`);
  if (pasteHeard !== plan.honest) failures.push(`the paste was heard by ${pasteHeard} alone`);
  if (exit !== 0) failures.push(`the server ended with ${exit ?? "a signal"}`);
  return failures;
}
