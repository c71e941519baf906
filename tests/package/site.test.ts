/** The site, built as a publisher builds it. A Chromium visits it, if one is in PATH. */
import { expect, test } from "vitest";
import { ScriptRun } from "../support/script_run.js";

/** Milliseconds: it installs the site's tools, builds the pages, and visits them. */
const MOST = 600_000;

test(
  "is built; its files, and its stages in a browser, are as they should be",
  async () => {
    const run = new ScriptRun("site/build.mjs", ["--test", "--quick"]);
    const code = await run.ended;
    expect({ code, output: run.stdout + run.stderr }).toMatchObject({ code: 0 });
    expect(run.stdout).toMatch(/Tests .*\d+ passed/);
  },
  MOST,
);
