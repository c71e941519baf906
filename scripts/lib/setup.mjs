/** Installs the dependencies when they are missing or older than the lock file that names them. */
import fs from "node:fs";
import { lock } from "../../host/bootstrap/lock.mjs";
import { inRoot } from "./root.mjs";
import { mustRun, say } from "./run.mjs";

export async function setUp() {
  if (installed()) return;
  const unlock = await lock(inRoot("build/.setup.lock"), {
    onWait: (owner) =>
      say(`waiting for process ${owner.pid}, which is installing the dependencies`),
  });
  try {
    if (installed()) return;
    say("installing the dependencies (npm ci)");
    await mustRun("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      stdio: ["ignore", 2, 2],
    });
  } finally {
    unlock();
  }
}

function installed() {
  // npm writes this file last, so it is missing after an interrupted installation.
  const done = modified("node_modules/.package-lock.json");
  return done > 0 && done >= modified("package-lock.json");
}

/** @param {string} file */
function modified(file) {
  return fs.statSync(inRoot(file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
