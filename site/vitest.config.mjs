/** The tests of the built site: for `npm run site -- --test` and tests/package/site.test.ts. */
import { defineConfig } from "vitest/config";
import { root } from "../scripts/lib/root.mjs";

export default defineConfig({
  root,
  test: {
    include: ["tests/site/**/*.test.ts"],
    // One browser at a time: a page that waits for a processor is slow.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
