/**
 * Provides the IRC libraries of npm and PyPI, in the versions that packages/ pins. They are
 * installed once, into the cache: no other part of the project needs them.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { withLock } from "../../../host/bootstrap/lock.mjs";
import { packageRoot } from "../../../host/launcher/base/programs.js";
import { cacheDirectory } from "../../../host/launcher/wasmtime/cache.js";

const run = promisify(execFile);
const PINS = path.join(packageRoot, "tests/contract/irc_clients/packages");

/** Returns the folder in which Node finds the npm packages. @throws {Error} without a registry */
export async function npmPackages(): Promise<string> {
  const folder = await provided(["package.json", "package-lock.json"], async (work) => {
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    await run("npm", args, { cwd: work });
  });
  return path.join(folder, "package.json");
}

/** Returns the folder for PYTHONPATH. @throws {Error} without pip or a registry */
export async function pythonPackages(): Promise<string> {
  return provided(["requirements.txt"], async (work) => {
    const pins = ["--no-deps", "--requirement", path.join(work, "requirements.txt")];
    await run("python3", ["-m", "pip", "install", "--quiet", "--target", work, ...pins]);
  });
}

/** Returns a folder of the cache for these pins. It is there complete, or not at all. */
async function provided(
  pins: readonly string[],
  install: (work: string) => Promise<void>,
): Promise<string> {
  const hash = createHash("sha256");
  for (const pin of pins) hash.update(fs.readFileSync(path.join(PINS, pin)));
  const folder = path.join(cacheDirectory(), `irc-clients-${hash.digest("hex").slice(0, 16)}`);
  fs.mkdirSync(cacheDirectory(), { recursive: true });
  await withLock(`${folder}.lock`, async () => {
    if (fs.existsSync(folder)) return;
    const work = fs.mkdtempSync(`${folder}.`);
    try {
      for (const pin of pins) fs.copyFileSync(path.join(PINS, pin), path.join(work, pin));
      await install(work);
      fs.renameSync(work, folder);
    } finally {
      fs.rmSync(work, { recursive: true, force: true });
    }
  });
  return folder;
}
