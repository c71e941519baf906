/** The results of a soak for the terminal: curves, one table for all runtimes, and the problems. */
import { table } from "../measure/table.js";
import { cpuPercentOf, PANELS } from "./figures.js";
import { medianOf } from "./growth.js";
import { FAULTS } from "./hearing.js";
import { failuresOf, memoryGrowth, PROCESSES, type Report } from "./report.js";
import { sparkline } from "./sparkline.js";

const MEBIBYTE = 1024 * 1024;

export function summaryOf(reports: readonly Report[]): string {
  return [...reports.map(curvesOf), figuresOf(reports), ...reports.map(verdictOf)].join("\n");
}

function curvesOf({ runtime, samples }: Report): string {
  const rows = PANELS.flatMap(({ title, unit, curves }) =>
    curves
      .filter(({ name }) => name !== "p50")
      .map(({ name, of }) => {
        const values = samples.map(of);
        const known = values.filter(Number.isFinite);
        const label = name === title ? name : `${title}, ${name}`;
        const range = `${count(Math.min(...known))} to ${count(Math.max(...known))} ${unit}`;
        return `  ${label.padEnd(20)} ${sparkline(values)}  ${range.trim()}\n`;
      }),
  );
  return `${runtime}\n${rows.join("")}`;
}

function figuresOf(reports: readonly Report[]): string {
  const row = (name: string, of: (report: Report) => string): string[] => [
    name,
    ...reports.map(of),
  ];
  const rows = [
    row("seconds under load", ({ samples }) => count(samples.at(-1)?.seconds ?? 0)),
    row("lines of the crowd", ({ lines }) => count(lines)),
    row("deliveries checked", ({ deliveries }) => count(deliveries)),
    ...FAULTS.map((name) => row(`  ${name}`, ({ faults }) => count(faults[name]))),
    row("visits", ({ visits }) => count(visits)),
    row("closed as too slow", ({ gone }) => count(gone.get("too slow") ?? 0)),
    row("latency p50, ms", ({ latency }) => count(latency.p50Ms)),
    row("latency p99, ms", ({ latency }) => count(latency.p99Ms)),
    row("latency at most, ms", ({ latency }) => count(latency.maxMs)),
    ...PROCESSES.flatMap((process) => [
      row(`${process}: memory by thirds, MiB`, (report) => thirdsOf(report, process)),
      row("  levels off", (report) => levelsOff(report, process)),
      row("  open at start, crowd, end", ({ descriptors: { start, crowd, end } }) =>
        [start, crowd, end].map((open) => open[process]).join(" "),
      ),
      row("  threads at most", ({ samples }) =>
        count(Math.max(0, ...samples.map((sample) => sample[process].threads))),
      ),
      row("  processor, % of a core", ({ samples }) => count(cpuPercentOf(samples, process))),
    ]),
    row("the server's end", ({ exit }) => exit),
  ];
  return table(["", ...reports.map(({ runtime }) => runtime)], rows);
}

/** Returns the medians of a process's memory in each third, in MiB. */
function thirdsOf({ samples }: Report, process: (typeof PROCESSES)[number]): string {
  const third = Math.ceil(samples.length / 3);
  return [0, 1, 2]
    .map((at) => samples.slice(at * third, (at + 1) * third))
    .map((part) => medianOf(part.map((sample) => sample[process].rssBytes)) / MEBIBYTE)
    .map((mebibytes) => mebibytes.toFixed(1))
    .join(" ");
}

function levelsOff(report: Report, process: (typeof PROCESSES)[number]): string {
  const growth = memoryGrowth(report, process);
  if (growth === undefined) return "not judged under 10 min";
  return growth.grows ? "no" : "yes";
}

function verdictOf(report: Report): string {
  const failures = failuresOf(report);
  if (failures.length === 0) return `${report.runtime}: passed\n`;
  return `${report.runtime}: FAILED\n${failures.map((line) => `  ${line}\n`).join("")}`;
}

function count(value: number): string {
  const digits = Math.abs(value) < 100 ? 1 : 0;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
