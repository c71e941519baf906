/**
 * Ends a test run with lines for programs: how many tests of the platform contract passed on each
 * platform, and last `N passed, N failed`, with `, N skipped` if there are any.
 *
 * If a signal ended a test process and nothing else failed, the run leaves a report for npm test in
 * the file that TESTS_CRASHED names. npm test runs the unfinished files again, and the counts of
 * the report are added to theirs.
 */
import { subscribe } from "node:diagnostics_channel";
import fs from "node:fs";
import type { ChildProcess } from "node:child_process";
import type { SerializedError } from "vitest";
import type { Reporter, TestModule } from "vitest/node";

/** Which files are the conversations and the contract of the selectors on which platform. */
const PLATFORMS: readonly [string, RegExp][] = [
  [
    "modules on wasmtime 36",
    /contract\/(conversations\/(?!haproxy)\w+|selectors\/selectors)\.test\./,
  ],
  ["modules on Node", /contract\/node\/(chat|programs|selectors)\.test\./],
  ["components on wasmtime 48", /contract\/components\/(chat|programs|selectors)_48\.test\./],
];

interface Count {
  passed: number;
  failed: number;
  skipped: number;
  pending: number;
}

/** The report of a run in which a signal ended a test process. */
interface Crashes {
  /** The signals, one for each process. */
  signals: NodeJS.Signals[];
  /** The paths of the files that were not finished. */
  files: string[];
  /** The counts of the other files: for each platform, and for all. */
  counts: Record<string, Count>;
}

export default class CountReporter implements Reporter {
  private readonly signals: NodeJS.Signals[] = [];

  constructor() {
    // Vitest does not report how a process ended. It ends those that are done by SIGTERM.
    subscribe("child_process", (message) => {
      const child = (message as { process: ChildProcess }).process;
      child.once("exit", (code, signal) => {
        if (!child.spawnargs.some(isWorker)) return;
        if (signal !== null && signal !== "SIGTERM") this.signals.push(signal);
        else if (code !== null && code !== 0)
          process.stderr.write(`a test process ended with code ${code}\n`);
      });
    });
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[] = [],
  ): void {
    const report = process.env["TESTS_CRASHED"] ?? "";
    const earlier = fs.existsSync(report) ? crashesIn(report).counts : {};
    const finished = modules.filter(isFinished);
    const areCrashes = unhandledErrors.every(({ message }) => /Worker .* error/.test(message));
    const files = modules.filter((one) => !finished.includes(one)).map(({ moduleId }) => moduleId);
    const isCrash = areCrashes && this.signals.length > 0 && files.length > 0;
    const counts: Record<string, Count> = {};
    for (const [platform, pattern] of [...PLATFORMS, ["", /^/] as const]) {
      const of = (all: readonly TestModule[]) => all.filter((one) => pattern.test(one.moduleId));
      const before = earlier[platform];
      if (of(modules).length === 0 && before === undefined) continue;
      counts[platform] = sum(countOf(of(finished)), before);
      const count = sum(countOf(of(modules)), before);
      if (platform === "") count.failed += unhandledErrors.length;
      process.stdout.write(`\n${platform === "" ? "" : `${platform}: `}${lineOf(count)}`);
    }
    process.stdout.write("\n");
    if (report === "" || !isCrash || countOf(finished).failed > 0) return;
    fs.writeFileSync(report, JSON.stringify({ signals: this.signals, files, counts }));
  }
}

/** Returns false for a file of which a test, or the loading, was interrupted. */
function isFinished(module: TestModule): boolean {
  const isInterrupted = module.state() === "queued" || module.state() === "pending";
  return !isInterrupted && countOf([module]).pending === 0;
}

function isWorker(argument: string): boolean {
  return /vitest\/dist\/workers\//.test(argument);
}

function crashesIn(report: string): Crashes {
  return JSON.parse(fs.readFileSync(report, "utf8")) as Crashes;
}

function sum(one: Count, other: Count | undefined): Count {
  if (other === undefined) return one;
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    pending: one.pending + other.pending,
  };
}

function countOf(modules: readonly TestModule[]): Count {
  const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) count[test.result().state] += 1;
    // A file that could not be loaded, or a failed hook, has no test that says so.
    count.failed += module.errors().length;
    for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
  }
  return count;
}

function lineOf({ passed, failed, skipped, pending }: Count): string {
  const left = skipped + pending;
  return `${passed} passed, ${failed} failed${left > 0 ? `, ${left} skipped` : ""}`;
}
