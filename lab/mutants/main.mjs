/**
 * npm run lab -- mutants: makes random changes in the guest's sources, one at a time, and lists
 * those that no test detects.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { componentEntry, PROGRAMS } from "../../host/bootstrap/programs.mjs";
import { inRoot, root } from "../../scripts/lib/root.mjs";
import { Failed, say } from "../../scripts/lib/run.mjs";
import { changedChat, UNOPTIMIZED } from "../sim/changed_chat.mjs";
import { changed, changesOf } from "./changes.mjs";
import { caughtByPrograms, caughtBySpecs, caughtByWorlds, reaches } from "./judges.mjs";

const USAGE = `npm run lab -- mutants [OPTION...]
  --count N          how many mutants that compile (default 30)
  --seed S           draws them (default 1)
  --only N           no more than the one with this number, of the same draw
  --worlds N         plays each change in N worlds (default 100)
  --until NAME       the last judge: worlds, specs or programs (default programs)
  --jobs N           threads that play worlds (default: one for each core)
`;
const JUDGES = ["worlds", "specs", "programs"];
const COPIED = ["assembly", "bin", "build", "dist", "docs", "host", "lab", "library", "scripts"];
/** Generated from Unicode's data, which has its own test. */
const LEFT_ALONE = /unicode_(?:folds|classes)\.ts$|^assembly\/tutorial\//;

/**
 * @typedef {object} Mutant
 * @property {string} file relative to the package
 * @property {import("./changes.mjs").Change} change
 * @property {import("../sim/spec.js").Abi} abi the build that contains the file
 * @property {string} words a description in one line
 */

/** The unchanged chat. @type {{ p1?: Uint8Array, p3?: Uint8Array }} */
const sound = {};

/** @param {string[]} argv */
export async function main(argv) {
  const { count, seed, only, worlds, until, jobs, isHelp } = parse(argv);
  if (isHelp) {
    process.stdout.write(USAGE);
    return;
  }
  const load = (/** @type {string} */ name) =>
    import(String(new URL(`../../dist/lab/${name}.js`, import.meta.url)));
  const pool = /** @type {typeof import("../sim/pool.js")} */ (await load("sim/pool"));
  const { Random } = /** @type {typeof import("../world/random.js")} */ (
    await load("world/random")
  );
  const random = new Random(seed);
  const all = allMutants();
  say(`${all.length} changes can be made; ${count} are drawn with seed ${seed}`);
  const folder = copyOfThePackage();
  const counts = { caught: 0, equivalent: 0, survived: 0 };
  try {
    for (let number = 1; number <= count;) {
      const mutant = random.pick(all);
      const bytes = await compiled(mutant);
      if (bytes === undefined) continue;
      if (only === undefined || only === number) {
        const judged = await judge(mutant, bytes);
        const isSame = judged === undefined && (await isEquivalent(mutant));
        counts[isSame ? "equivalent" : judged === undefined ? "survived" : "caught"]++;
        const verdict = isSame ? "the same module" : (judged ?? "SURVIVED");
        process.stdout.write(`${number} ${mutant.words}: ${verdict}\n`);
      }
      number++;
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const { caught, equivalent, survived } = counts;
  process.stdout.write(`${caught} caught, ${survived} survived, ${equivalent} the same module\n`);
  if (survived > 0) throw new Failed("");

  /**
   * @param {Mutant} mutant
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @returns {Promise<string | undefined>} the check that detected it
   */
  async function judge({ file, change, abi }, bytes) {
    const module = new WebAssembly.Module(bytes);
    const byWorlds = await caughtByWorlds(pool, module, { abi, worlds, jobs });
    if (byWorlds !== undefined || until === "worlds") return byWorlds;
    const text = fs.readFileSync(inRoot(file), "utf8");
    fs.writeFileSync(path.join(folder, file), changed(text, change));
    try {
      const bySpecs = await caughtBySpecs(folder, file);
      if (bySpecs !== undefined || until === "specs") return bySpecs;
      return await caughtByPrograms(folder);
    } finally {
      fs.writeFileSync(path.join(folder, file), text);
    }
  }
}

/** @param {string[]} argv */
function parse(argv) {
  const text = /** @type {const} */ ({ type: "string" });
  const flag = /** @type {const} */ ({ type: "boolean" });
  const options = { count: text, seed: text, only: text, worlds: text, until: text, jobs: text };
  let values;
  try {
    ({ values } = parseArgs({ args: argv, options: { ...options, help: flag } }));
  } catch (error) {
    throw new Failed(`mutants: ${error instanceof Error ? error.message : String(error)}`, 64);
  }
  const number = (/** @type {keyof typeof options} */ name, /** @type {number} */ otherwise) => {
    const value = Number(values[name] ?? otherwise);
    if (Number.isInteger(value) && value > 0) return value;
    throw new Failed(`mutants: --${name} takes a whole number from 1, not ${values[name]}`, 64);
  };
  const { until = "programs", only } = values;
  if (!JUDGES.includes(until)) {
    throw new Failed(`mutants: --until is one of ${JUDGES.join(", ")}, not ${until}`, 64);
  }
  return {
    ...{ count: number("count", 30), seed: number("seed", 1), worlds: number("worlds", 100) },
    ...{ only: only === undefined ? undefined : number("only", 1), until },
    ...{ jobs: number("jobs", os.availableParallelism()), isHelp: values.help === true },
  };
}

/** @returns {Mutant[]} */
function allMutants() {
  const [chat] = PROGRAMS.filter(({ name }) => name === "chat");
  if (chat === undefined) throw new Failed("there is no chat");
  const files = fs
    .readdirSync(inRoot("assembly"), { recursive: true, encoding: "utf8" })
    .map((name) => `assembly/${name}`)
    .filter((name) => name.endsWith(".ts") && !LEFT_ALONE.test(name))
    .sort();
  return files.flatMap((file) => {
    const isOfModule = reaches(root, chat.entry, file);
    if (!isOfModule && !reaches(root, componentEntry(chat), file)) return [];
    /** @type {import("../sim/spec.js").Abi} */
    const abi = isOfModule ? "p1" : "p3";
    const text = fs.readFileSync(inRoot(file), "utf8");
    return changesOf(text).map((change) => {
      const from = text.slice(change.from, change.to).replace(/\s+/g, " ");
      const words = `${file}:${change.line} ${change.kind} "${from}" -> "${change.text.trim()}"`;
      return { file, change, abi, words };
    });
  });
}

/**
 * @param {Mutant} mutant
 * @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} undefined if it does not compile
 */
async function compiled(mutant) {
  try {
    return await changedChat({ ...changeOf(mutant), flags: UNOPTIMIZED });
  } catch {
    return undefined;
  }
}

/** Returns true if the change disappears when the chat is optimized. @param {Mutant} mutant */
async function isEquivalent(mutant) {
  const { abi } = mutant;
  sound[abi] ??= await changedChat({ abi });
  return Buffer.compare(await changedChat(changeOf(mutant)), sound[abi]) === 0;
}

/** Returns what changedChat needs to make the mutant. @param {Mutant} mutant */
function changeOf({ file, change, abi }) {
  const made = (/** @type {string} */ name, /** @type {string} */ text) =>
    name === file ? changed(text, change) : text;
  return { abi, change: made };
}

/** @returns {string} a copy of the package, in which one file at a time is changed */
function copyOfThePackage() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pollcast-mutants-"));
  const files = fs.readdirSync(root, { withFileTypes: true }).filter((one) => one.isFile());
  for (const name of [...COPIED, "tests", ...files.map(({ name }) => name)]) {
    fs.cpSync(inRoot(name), path.join(folder, name), { recursive: true });
  }
  fs.symlinkSync(inRoot("node_modules"), path.join(folder, "node_modules"));
  return folder;
}
