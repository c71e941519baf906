import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/support/global_setup.ts"],
    reporters: ["default", "./tests/support/count_reporter.ts"],
    // Processes, not threads: the tests spawn, signal and listen. Two at a time, as most of them
    // drive a wasmtime each.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
  },
});
