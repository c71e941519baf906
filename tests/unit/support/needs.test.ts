import path from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../host/launcher/base/programs.js";
import { needsOf } from "../../support/needs.js";

test.each([
  ["a test of pure functions", "launcher/totals.test.ts", false, false],
  ["one that reads a module by its path", "lab/sim/worlds.test.ts", true, false],
  ["one that asks where a module is", "launcher/console.test.ts", true, false],
  ["one that launches", "launcher/serve.test.ts", true, true],
])("%s tells by its imports what it needs", (_, file, build, wasmtimes) => {
  expect(needsOf([path.join(packageRoot, "tests", file)])).toEqual({ build, wasmtimes });
});
