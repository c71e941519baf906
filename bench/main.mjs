/**
 * `npm run bench`: servers under the same load, held against a native epoll server.
 *
 * Repetitions are interleaved over the servers, so that what else the machine does falls on all.
 */
import { parseArgs } from "node:util";
import { inRoot } from "../scripts/lib/root.mjs";
import { Failed, say } from "../scripts/lib/run.mjs";
import { build, generator, inCache, Missing, starter } from "./build.mjs";
import { chooseCores, measure } from "./measure.mjs";
import { ensureWasmtime } from "./ours.mjs";
import { report } from "./report.mjs";
import { restart } from "./restart.mjs";
import { SCENARIOS } from "./scenarios.mjs";
import { BASE, limitsOf, SERVERS } from "./servers.mjs";

const USUAL = SCENARIOS.filter(({ extra }) => extra !== true);
const USAGE = `npm run bench -- [OPTION...]
  --scenario A,B      which of ${SCENARIOS.map(({ name }) => name).join(" ")}
                      (default all but N)
  --servers a,b       which of ${SERVERS.map(({ name }) => name).join(" ")} (default all)
  --repetitions N     of each (default 5)
  --seconds N         of each measured window (default: about 1, as the scenario needs)
  --quick             one repetition
  --out FILE.md       where the report goes (default bench/RESULTS.md if everything was measured)
`;
const EXIT_USAGE = 64;
const EXIT_UNAVAILABLE = 69;

/** @typedef {import("./measure.mjs").Found} Found */
/** @typedef {import("./servers.mjs").Server} Server */
/** @typedef {import("./servers.mjs").Start} Start */
/** @typedef {import("./scenarios.mjs").Scenario} Scenario */
/** @typedef {{ server: Server, start: Start }} Ready */

/**
 * @typedef {object} Measured
 * @property {Scenario} scenario
 * @property {Map<string, (Found | undefined)[]>} found by server, a repetition each
 * @property {Map<string, string>} failed why the last run that did, by server
 */

/** @param {readonly string[]} argv */
export async function main(argv) {
  const request = parse(argv);
  if (process.platform !== "linux") throw new Failed("the benchmark needs Linux: epoll, /proc");
  const { ready, missing } = await prepare(request.servers);
  if (ready.length === 0) throw new Failed("no server could be built");
  /** @type {Measured[]} */
  const measured = [];
  const cores = chooseCores();
  if (cores.server === cores.generator)
    say("there is one core only: server and generator share it");
  const { out, repetitions } = request;
  const kept = { measured, ready, missing, out, repetitions, scenarios: request.scenarios.length };
  for (const scenario of request.scenarios) {
    say(`${scenario.name}: ${scenario.about}`);
    measured.push(await play(scenario, ready, request, cores));
    await report({ ...kept, restarts: [] });
  }
  const restarts = await restarted(ready, repetitions);
  process.stdout.write(await report({ ...kept, restarts }));
}

/** @param {readonly Server[]} servers */
async function prepare(servers) {
  for (const part of [generator, starter]) {
    await build(part, say).catch((/** @type {unknown} */ error) => {
      // Without these nothing can be measured.
      throw error instanceof Missing ? new Failed(error.message, EXIT_UNAVAILABLE) : error;
    });
  }
  /** @type {Ready[]} */
  const ready = [];
  /** @type {Map<string, string>} */
  const missing = new Map();
  for (const server of servers) {
    try {
      ready.push({ server, start: await server.prepare(say) });
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      missing.set(server.name, error.message);
      say(`${server.name} is left out: ${error.message}`);
    }
  }
  return { ready, missing };
}

/** Milliseconds without service, where ours is measured. @param {readonly Ready[]} ready */
async function restarted(ready, /** @type {number} */ repetitions) {
  /** @type {number[]} */
  const found = [];
  if (!ready.some(({ server }) => server.name === "pollcast")) return found;
  say("pollcast is killed and started again");
  const wasmtime = await ensureWasmtime(say);
  try {
    for (let repetition = 0; repetition < repetitions; repetition++)
      found.push(await restart(wasmtime));
  } catch (error) {
    say(`the restart failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  return found;
}

/**
 * @param {Scenario} scenario
 * @param {readonly Ready[]} ready
 * @param {ReturnType<typeof parse>} request
 * @param {import("./measure.mjs").Cores} cores
 * @returns {Promise<Measured>}
 */
async function play(scenario, ready, { repetitions, seconds }, cores) {
  /** @type {Measured} */
  const measured = { scenario, found: new Map(), failed: new Map() };
  const taking = ready.filter(
    ({ server }) =>
      (server.only?.includes(scenario.name) ?? true) &&
      (scenario.servers?.includes(server.name) ?? true),
  );
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (let turn = 0; turn < taking.length; turn++) {
      // Each begins in turn.
      const one = taking[(turn + repetition) % taking.length];
      if (one === undefined) continue;
      const { server, start } = one;
      const runs = measured.found.get(server.name) ?? [];
      // Who has failed and never yet succeeded is not tried again.
      if (measured.failed.has(server.name) && runs.every((run) => run === undefined)) continue;
      measured.found.set(server.name, runs);
      try {
        const load = {
          ...scenario.load,
          ...(seconds === undefined ? {} : { seconds }),
          ...server.load,
        };
        const log = inCache(`${server.name}.log`);
        const command = start.command(limitsOf(scenario));
        runs[repetition] = await measure(command, load, cores, server.silent ? undefined : log);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        measured.failed.set(server.name, why);
        say(`${scenario.name}: ${server.name} failed: ${why}`);
      }
    }
  }
  return measured;
}

/** @param {readonly string[]} argv */
function parse(argv) {
  const values = read(argv);
  const repetitions =
    values.quick === true ? 1 : Math.ceil(numberOf("repetitions", values.repetitions ?? "5"));
  const seconds = values.seconds === undefined ? undefined : numberOf("seconds", values.seconds);
  const scenarios = values.scenario === undefined ? USUAL : scenariosOf(values.scenario);
  const names = values.servers?.split(",");
  // What all are held against is always measured.
  const servers = names === undefined ? SERVERS : serversOf([BASE, ...names]);
  const whole = scenarios === USUAL && servers === SERVERS && values.quick !== true;
  const out = values.out ?? (whole ? inRoot("bench/RESULTS.md") : inCache("RESULTS.md"));
  return { repetitions, seconds, scenarios, servers, out };
}

/** @param {readonly string[]} argv */
function read(argv) {
  const text = /** @type {const} */ ({ type: "string" });
  const flag = /** @type {const} */ ({ type: "boolean" });
  const options = { scenario: text, servers: text, repetitions: text, seconds: text, out: text };
  try {
    return parseArgs({ args: [...argv], options: { ...options, quick: flag } }).values;
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

/** Letters take all that begins with them: J is J1 and J16. @param {string} text */
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

/** @param {string} what */
function usage(what) {
  return new Failed(`${what}\n${USAGE}`, EXIT_USAGE);
}
