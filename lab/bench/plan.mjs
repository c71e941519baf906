/** Plans the benchmark: scenarios in order, the servers of each, and an estimate of the time. */
import { generatorsOf } from "./scenarios.mjs";

/** @typedef {import("./scenarios.mjs").Generator} Generator */
/** @typedef {import("./scenarios.mjs").Scenario} Scenario */
/** @typedef {import("./servers.mjs").Server} Server */

/** The part of the runs for servers without targets, unless they are named on the command line. */
const OTHERS_PART = 0.4;
/** The overhead of a run: server and generator start and end. */
const AROUND_SECONDS = 0.15;
/** The time to connect and disconnect one client. */
const CLIENT_SECONDS = 0.00013;
const MINUTE_SECONDS = 60;

/** @typedef {{ server: Server, runs: number }} Taking */
/** @typedef {import("./request.mjs").Request} Request */

/**
 * A scenario with one of the generators.
 *
 * @typedef {object} Pass
 * @property {Scenario} scenario
 * @property {Generator} generator
 * @property {readonly Taking[]} taking the servers that take part, with their number of runs
 */

/**
 * @param {Pick<Request, "scenarios" | "generators" | "named" | "runs">} request
 * @param {readonly Server[]} servers the available servers
 * @param {boolean} oneCore true if a spinning generator would keep the server from running
 * @returns {Pass[]}
 */
export function planned({ scenarios, generators, named, runs }, servers, oneCore) {
  return scenarios.flatMap((scenario) => {
    const usual = generatorsOf(scenario);
    const wanted = scenario.kind === "idle" ? usual : (generators ?? usual);
    const possible = oneCore ? /** @type {const} */ (["sleeping"]) : wanted;
    return possible.map((generator) => {
      // Where both generators are used by default, the second one only measures servers with
      // targets.
      const again = generators === undefined && usual.indexOf(generator) > 0;
      const taking = servers
        .filter((server) => takes(server, scenario) && (named || !again || server.aim === true))
        .map((server) => {
          const all = named || server.aim === true;
          return { server, runs: all ? runs : Math.ceil(OTHERS_PART * runs) };
        });
      return { scenario, generator, taking };
    });
  });
}

/** @param {Server} server @param {Scenario} scenario */
function takes({ name, only, talksOnly }, { name: where, kind, servers }) {
  const suits = talksOnly !== true || kind === "talk";
  return suits && (only?.includes(where) ?? true) && (servers?.includes(name) ?? true);
}

/**
 * Estimates the total time.
 *
 * @param {readonly Pass[]} passes each a scenario with a generator
 * @param {number} [seconds] the window, if it was given
 */
export function secondsOf(passes, seconds) {
  const each = passes.map((pass) => {
    const { load } = pass.scenario;
    const window = (load["warm"] ?? 0) + (seconds ?? load["seconds"] ?? 0);
    return countOf(pass) * (AROUND_SECONDS + window + CLIENT_SECONDS * (load["clients"] ?? 0));
  });
  return each.reduce((sum, one) => sum + one, 0);
}

/** Returns the number of runs of a pass. @param {Pass} pass */
function countOf({ taking }) {
  return taking.reduce((sum, { runs }) => sum + runs, 0);
}

/**
 * Returns the summary that is printed first.
 *
 * @param {readonly Pass[]} passes each a scenario with a generator
 * @param {number} [seconds]
 */
export function planText(passes, seconds) {
  const count = passes.reduce((sum, pass) => sum + countOf(pass), 0);
  const minutes = Math.ceil(secondsOf(passes, seconds) / MINUTE_SECONDS);
  return `${count} runs, interleaved: about ${minutes} minute${minutes === 1 ? "" : "s"}`;
}
