/** `npm run site -- --test`: tests the files of the built site, and visits it in a browser. */
import fs from "node:fs";
import path from "node:path";
import { mustRun, say } from "../scripts/lib/run.mjs";

const CHROMIUMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const VITEST = ["node_modules/vitest/vitest.mjs", "run", "--config", "site/vitest.config.mjs"];
/** The test that needs no browser. */
const AS_FILES = "tests/site/built.test.ts";
const TOUR = "tests/site/tour.test.ts";

/**
 * @param {string} base under which the site was built
 * @param {boolean} quick leaves out the check of each page for accessibility
 */
export async function tryOut(base, quick) {
  const chromium = findChromium();
  if (chromium === undefined)
    say(`the site is not visited, as no browser is in PATH: none of ${CHROMIUMS.join(", ")}`);
  const files = chromium === undefined ? [AS_FILES] : quick ? [AS_FILES, TOUR] : [];
  const env = { ...process.env, SITE_BASE: base, SITE_CHROMIUM: chromium };
  await mustRun(process.execPath, [...VITEST, ...files], { env });
}

/** @returns {string | undefined} */
function findChromium() {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return CHROMIUMS.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(
    (file) => fs.existsSync(file),
  );
}
