import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // Of the built site: tests/package/site.test.ts builds it, and runs them.
    exclude: ["tests/site/**"],
    globalSetup: ["tests/support/global_setup.ts"],
    reporters: ["default", "./tests/support/count_reporter.ts"],
    // Processes, not threads: the tests spawn, signal and listen. Two at a time, as most of them
    // drive a wasmtime each.
    pool: "forks",
    maxWorkers: 2,
    // A busy machine takes its time: these are for what hangs.
    testTimeout: 60_000,
    hookTimeout: 300_000,
    teardownTimeout: 10_000,
  },
});
