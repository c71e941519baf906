/** The tests of the built site: for `npm run site -- --test` and tests/package/site.test.ts. */
import { defineConfig } from "vitest/config";
import { root } from "../scripts/lib/root.mjs";

export default defineConfig({
  root,
  test: {
    include: ["tests/site/**/*.test.ts"],
    // One browser at a time: several would slow each other down.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
