/**
 * The checks that a mutant must survive, fastest first: the worlds, the specs, and the tests that
 * run the programs. Each returns what detected the mutant, or undefined.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** The time limit of a world; a correct one ends within seconds. */
const WORLD_MOST_MS = 60_000;
const SPECS_MOST_MS = 600_000;
const PROGRAMS_MOST_MS = 1_800_000;
const SPECS = "tests/unit/assembly/specs";
/** Folders with tests that run the chat. */
const PROGRAMS = ["tests/lab/sim", "tests/contract", "tests/launcher"];
const IMPORT = /from\s+"(\.{1,2}\/[^"]+)"/g;

/**
 * @param {typeof import("../sim/pool.js")} pool
 * @param {WebAssembly.Module} module with probes
 * @param {{ abi: import("../sim/spec.js").Abi, worlds: number, jobs: number }} options
 * @returns {Promise<string | undefined>}
 */
export async function caughtByWorlds({ playAll, WorldHangs }, module, { abi, worlds, jobs }) {
  const start = { module, draw: { abi }, trace: undefined, worldMostMs: WORLD_MOST_MS };
  try {
    const seed = await playAll({ ...start, firstSeed: 1, worlds, jobs }, () => undefined);
    return seed === undefined ? undefined : `world ${seed}`;
  } catch (error) {
    if (error instanceof WorldHangs) return `world ${error.seed}, which hangs`;
    throw error;
  }
}

/**
 * @param {string} folder a copy of the package, with the mutant's source
 * @param {string} file the changed file, relative to the package
 * @returns {Promise<string | undefined>}
 */
export async function caughtBySpecs(folder, file) {
  const names = fs
    .readdirSync(path.join(folder, SPECS))
    .filter((name) => name.endsWith(".spec.ts"));
  const far = new Set(names.filter((name) => reaches(folder, `${SPECS}/${name}`, file)));
  const near = names.filter((name) => importsOf(folder, `${SPECS}/${name}`).includes(file));
  for (const name of near) far.delete(name);
  for (const some of [near, [...far]]) {
    const specs = some.map((name) => name.replace(".spec.ts", "")).join(",");
    if (specs === "") continue;
    const caught = await caughtByTests(folder, [`${SPECS}.test.ts`], SPECS_MOST_MS, specs);
    if (caught !== undefined) return caught;
  }
  return undefined;
}

/** @param {string} folder a copy of the package, with the mutant's source */
export function caughtByPrograms(folder) {
  return caughtByTests(folder, PROGRAMS, PROGRAMS_MOST_MS);
}

/**
 * @param {string} folder
 * @param {string[]} files
 * @param {number} mostMs after this time the tests count as hanging
 * @param {string} [specs] names, separated by commas; all by default
 * @returns {Promise<string | undefined>} the first test that failed
 */
async function caughtByTests(folder, files, mostMs, specs) {
  const vitest = path.join(folder, "node_modules/vitest/vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", "--bail", "1", ...files], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, NO_COLOR: "1", ...(specs === undefined ? {} : { SPECS: specs }) },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      output += text;
    });
  }
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, mostMs);
  /** @type {number | null} */
  const code = await new Promise((resolve) => void child.once("close", resolve));
  clearTimeout(timer);
  if (code === null) return `${files.join(" ")}, which hang`;
  if (code === 0) return undefined;
  const [, failed] = /^ FAIL +(.*)$/m.exec(output) ?? [];
  return failed ?? output.trim().split("\n").slice(-3).join(" ");
}

/**
 * @param {string} folder the folder of both files
 * @param {string} from
 * @param {string} file
 * @returns {boolean} true if `from` imports `file`, directly or through other files
 */
export function reaches(folder, from, file) {
  const found = new Set([from]);
  // Iterating over a set also visits the elements that are added meanwhile.
  for (const one of found) for (const imported of importsOf(folder, one)) found.add(imported);
  return found.has(file);
}

/** @param {string} folder @param {string} file @returns {string[]} relative to the folder */
function importsOf(folder, file) {
  const text = fs.readFileSync(path.join(folder, file), "utf8");
  return [...text.matchAll(IMPORT)].flatMap(([, name = ""]) => {
    const imported = path.join(path.dirname(file), name);
    const files = [`${imported}.ts`, `${imported}/index.ts`];
    return files.filter((one) => fs.existsSync(path.join(folder, one)));
  });
}
