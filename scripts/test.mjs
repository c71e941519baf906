/**
 * npm test: installs and builds what is missing, runs the checks and the tests. Arguments go to
 * Vitest. Files that were not finished because a signal ended a test process run once more.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "./lib/build.mjs";
import { check } from "./lib/check.mjs";
import { Failed, run, say, script } from "./lib/run.mjs";
import { setUp } from "./lib/setup.mjs";

await script(async () => {
  await setUp();
  await build();
  await check();
  const vitest = ["node_modules/vitest/vitest.mjs", "run"];
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-test-"));
  const report = path.join(directory, "crashed.json");
  const env = { ...process.env, TESTS_CRASHED: report };
  try {
    let code = await run(process.execPath, [...vitest, ...process.argv.slice(2)], { env });
    if (code !== 0 && fs.existsSync(report)) {
      /** @type {{ signals: string[], files: string[] }} */
      const { signals, files } = JSON.parse(fs.readFileSync(report, "utf8"));
      say(`a test process was ended by ${signals.join(", ")}; once more: ${files.join(" ")}`);
      code = await run(process.execPath, [...vitest, ...files], { env });
    }
    // An empty message keeps Vitest's count of tests the last line.
    if (code !== 0) throw new Failed("", code);
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
});
