/**
 * The command `npm run bench`: measures servers under the same load, relative to a native epoll
 * server.
 *
 * Runs of the servers are interleaved, so that a disturbance of the machine affects all of them.
 */
import { Failed, say } from "../../scripts/lib/run.mjs";
import { build, generator, inCache, Missing, starter } from "./build.mjs";
import { measureIrc } from "./irc/main.mjs";
import { chooseCores, measure } from "./measure.mjs";
import { ensureWasmtime } from "./ours.mjs";
import { planned, planText } from "./plan.mjs";
import { report } from "./report.mjs";
import { parse } from "./request.mjs";
import { restart } from "./restart.mjs";
import { loadOf } from "./scenarios.mjs";
import { limitsOf } from "./servers.mjs";

const EXIT_UNAVAILABLE = 69;

/** @typedef {import("./measure.mjs").Found} Found */
/** @typedef {import("./plan.mjs").Pass} Pass */
/** @typedef {import("./request.mjs").Request} Request */
/** @typedef {import("./servers.mjs").Server} Server */
/** @typedef {import("./servers.mjs").Start} Start */
/** @typedef {Map<Server, Start>} Ready */

/**
 * @typedef {object} Measured
 * @property {import("./scenarios.mjs").Scenario} scenario
 * @property {import("./scenarios.mjs").Generator} generator
 * @property {Map<string, (Found | undefined)[]>} found the results of the runs, by server
 * @property {Map<string, string>} failed the error of the last run that failed, by server
 */

/** @param {readonly string[]} argv */
export async function main(argv) {
  const request = parse(argv);
  if (process.platform !== "linux") throw new Failed("the benchmark needs Linux: epoll, /proc");
  if (request.isIrc) {
    await measureIrc(request);
    return;
  }
  const cores = chooseCores();
  const oneCore = cores.server === cores.generator;
  if (oneCore) say("there is one core only: server and generator share it");
  if (request.planOnly) {
    tellPlan(planned(request, request.servers, oneCore), request);
    return;
  }
  const { ready, missing } = await prepare(request.servers);
  if (ready.size === 0) throw new Failed("no server could be built");
  const passes = planned(request, [...ready.keys()], oneCore);
  say(planText(passes, request.seconds));
  /** @type {Measured[]} */
  const measured = [];
  const { out, runs } = request;
  const kept = { measured, ready, missing, out, runs, passes: passes.length };
  for (const pass of passes) {
    say(`${pass.scenario.name}, generator ${pass.generator}: ${pass.scenario.about}`);
    measured.push(await play(pass, ready, request, cores));
    await report({ ...kept, restarts: [] });
  }
  const restarts = await restarted(ready, runs);
  process.stdout.write(await report({ ...kept, restarts }));
}

/**
 * @param {readonly Pass[]} passes each a scenario with a generator
 * @param {Request} request
 */
function tellPlan(passes, request) {
  for (const { scenario, generator: kind, taking } of passes) {
    const names = taking.map(({ server, runs }) => `${server.name} ${runs}`).join(", ");
    process.stdout.write(`${scenario.name}, generator ${kind}: ${names}\n`);
  }
  process.stdout.write(`${planText(passes, request.seconds)}\n`);
}

/** @param {readonly Server[]} servers */
async function prepare(servers) {
  for (const part of [generator, starter]) {
    await build(part, say).catch((/** @type {unknown} */ error) => {
      // Nothing can be measured without these.
      throw error instanceof Missing ? new Failed(error.message, EXIT_UNAVAILABLE) : error;
    });
  }
  /** @type {Ready} */
  const ready = new Map();
  /** @type {Map<string, string>} */
  const missing = new Map();
  for (const server of servers) {
    try {
      ready.set(server, await server.prepare(say));
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      missing.set(server.name, error.message);
      say(`${server.name} is left out: ${error.message}`);
    }
  }
  return { ready, missing };
}

/**
 * Measures restarts of our server.
 *
 * @param {Ready} ready the available servers, prepared
 * @returns milliseconds without service
 */
async function restarted(ready, /** @type {number} */ runs) {
  /** @type {number[]} */
  const found = [];
  if (![...ready.keys()].some(({ name }) => name === "pollcast")) return found;
  say("pollcast is killed and started again");
  const wasmtime = await ensureWasmtime(say);
  try {
    for (let run = 0; run < runs; run++) found.push(await restart(wasmtime));
  } catch (error) {
    say(`the restart failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  return found;
}

/**
 * @param {Pass} pass
 * @param {Ready} ready the available servers, prepared
 * @param {Request} request
 * @param {import("./measure.mjs").Cores} cores the cores of the server and of the generator
 * @returns {Promise<Measured>}
 */
async function play({ scenario, generator: kind, taking }, ready, { runs, seconds }, cores) {
  /** @type {Measured} */
  const measured = { scenario, generator: kind, found: new Map(), failed: new Map() };
  const window = seconds === undefined ? {} : { seconds };
  for (const { server } of taking) measured.found.set(server.name, []);
  for (let run = 0; run < runs; run++) {
    for (let turn = 0; turn < taking.length; turn++) {
      // Another server begins in each repetition.
      const one = taking[(turn + run) % taking.length];
      const start = one && ready.get(one.server);
      if (one === undefined || start === undefined || run >= one.runs) continue;
      const { name, load: more, silent } = one.server;
      const found = measured.found.get(name) ?? [];
      // A server that has failed and never succeeded is not tried again.
      if (measured.failed.has(name) && found.every((each) => each === undefined)) continue;
      try {
        const load = { ...loadOf(scenario, kind), ...window, ...more };
        const log = silent ? undefined : inCache(`${name}.log`);
        found[run] = await measure(start.command(limitsOf(scenario)), load, cores, log);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        measured.failed.set(name, why);
        say(`${scenario.name}: ${name} failed: ${why}`);
      }
    }
  }
  return measured;
}
