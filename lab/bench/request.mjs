/** The command line of `npm run bench`. */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { inRoot } from "../../scripts/lib/root.mjs";
import { Failed } from "../../scripts/lib/run.mjs";
import { inCache } from "./build.mjs";
import { GENERATORS, SCENARIOS } from "./scenarios.mjs";
import { BASE, ours, SERVERS } from "./servers.mjs";

const USUAL = SCENARIOS.filter(({ extra }) => extra !== true);
const EXTRA = SCENARIOS.filter(({ extra }) => extra === true);
/** Stands for the scenarios of irc/main.mjs. */
const IRC = "IRC";
const RUNS = "5";
const EXIT_USAGE = 64;

const USAGE = `npm run bench -- [OPTION...]
  --scenario A,B       which of ${SCENARIOS.map(({ name }) => name).join(" ")}; a letter
                       stands for all that begin with it; IRC: other IRC servers instead
                       (default all but ${EXTRA.map(({ name }) => name).join(" ")})
  --servers a,b        which of ${SERVERS.map(({ name }) => name).join(" ")} (default all)
  --before FILE.wasm   also this build of the chat, as pollcast-before
  --wasmtime FILE      also the chat on this wasmtime, as pollcast-other
  --generator WORD     ${GENERATORS.join(", ")} or both (default: as the scenario needs)
  --runs N             of each (default ${RUNS})
  --seconds N          of each measured window (default: about 1, as the scenario needs)
  --quick              one run of each
  --plan               prints what would be measured and how long that takes, and ends
  --out FILE.md        where the report goes (default lab/bench/RESULTS.md for a full run)
`;

/**
 * @typedef {object} Request
 * @property {readonly import("./scenarios.mjs").Scenario[]} scenarios
 * @property {readonly import("./servers.mjs").Server[]} servers
 * @property {boolean} named true if servers were named: then they take part in all runs
 * @property {readonly import("./scenarios.mjs").Generator[] | undefined} generators undefined for
 *   the default
 * @property {number} runs
 * @property {number | undefined} seconds
 * @property {boolean} planOnly
 * @property {boolean} isIrc true: the servers of irc/ are measured, and no others
 * @property {string} out
 */

/** @param {readonly string[]} argv @returns {Request} @throws {Failed} with the usage */
export function parse(argv) {
  const values = read(argv);
  const quick = values.quick === true;
  const runs = quick ? 1 : Math.ceil(numberOf("runs", values.runs ?? RUNS));
  const seconds = values.seconds === undefined ? undefined : numberOf("seconds", values.seconds);
  const isIrc = values.scenario === IRC;
  const scenarios = values.scenario === undefined || isIrc ? USUAL : scenariosOf(values.scenario);
  const names = values.servers?.split(",");
  // The base of all ratios is always measured.
  const known = names === undefined ? SERVERS : serversOf([BASE, ...names]);
  const servers = [...known, ...othersOf(values)];
  const generators = values.generator === undefined ? undefined : generatorsIn(values.generator);
  const { before, wasmtime } = values;
  const whole = [values.scenario, names, generators, seconds, before, wasmtime].every(
    (each) => each === undefined,
  );
  const out =
    values.out ?? (whole && !quick ? inRoot("lab/bench/RESULTS.md") : inCache("RESULTS.md"));
  const [named, planOnly] = [names !== undefined, values.plan === true];
  return { scenarios, servers, named, generators, runs, seconds, planOnly, isIrc, out };
}

/** @param {readonly string[]} argv */
function read(argv) {
  const text = /** @type {const} */ ({ type: "string" });
  const flag = /** @type {const} */ ({ type: "boolean" });
  const words = { scenario: text, servers: text, generator: text, runs: text, seconds: text };
  const files = { before: text, wasmtime: text };
  const options = { ...words, ...files, out: text, quick: flag, plan: flag };
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string} name @param {string} text */
function numberOf(name, text) {
  const value = /^\d{1,3}(\.\d{1,2})?$/.test(text) ? Number(text) : 0;
  if (value > 0) return value;
  throw usage(`--${name} takes a number above 0, not ${JSON.stringify(text)}`);
}

/** @param {string} word */
function generatorsIn(word) {
  const found = GENERATORS.filter((each) => word === each || word === "both");
  if (found.length > 0) return found;
  throw usage(`--generator takes ${GENERATORS.join(", ")} or both, not ${JSON.stringify(word)}`);
}

/**
 * Returns the scenarios of the given names; a letter stands for all names that begin with it, so J
 * is J1 and J16.
 *
 * @param {string} text
 */
function scenariosOf(text) {
  const names = text.split(",");
  const fits = (/** @type {string} */ name, /** @type {string} */ word) =>
    name === word || (word.length === 1 && name.startsWith(word));
  for (const word of names) {
    if (!SCENARIOS.some(({ name }) => fits(name, word)))
      throw usage(`there is no scenario ${word}`);
  }
  return SCENARIOS.filter(({ name }) => names.some((word) => fits(name, word)));
}

/** @param {readonly string[]} names */
function serversOf(names) {
  for (const name of names) {
    if (!SERVERS.some((server) => server.name === name)) throw usage(`there is no server ${name}`);
  }
  return SERVERS.filter(({ name }) => names.includes(name));
}

/**
 * Returns the servers that `--before` and `--wasmtime` add: the chat of another build, and the chat
 * on another wasmtime.
 *
 * @param {{ before?: string, wasmtime?: string }} files
 */
function othersOf({ before, wasmtime }) {
  const found = (/** @type {string} */ file) => {
    if (fs.existsSync(file)) return path.resolve(file);
    throw usage(`there is no file ${file}`);
  };
  return [
    ...(before === undefined
      ? []
      : [ours("pollcast-before", "ours, of an earlier build", { module: found(before) })]),
    ...(wasmtime === undefined
      ? []
      : [ours("pollcast-other", "ours, on another wasmtime", { wasmtime: found(wasmtime) })]),
  ];
}

/** @param {string} problem */
function usage(problem) {
  return new Failed(`${problem}\n${USAGE}`, EXIT_USAGE);
}
