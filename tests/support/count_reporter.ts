/**
 * Ends a test run with lines for programs: how many tests of the platform contract passed on each
 * platform, and last `N passed, N failed`, with `, N skipped` if there are any.
 */
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

export default class CountReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[] = [],
  ): void {
    for (const [platform, files] of PLATFORMS) {
      const those = modules.filter(({ moduleId }) => files.test(moduleId));
      if (those.length === 0) continue;
      process.stdout.write(`\n${platform}: ${lineOf(countOf(those))}`);
    }
    const count = countOf(modules);
    count.failed += unhandledErrors.length;
    process.stdout.write(`\n${lineOf(count)}\n`);
  }
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
