/** What is measured in which order, with which servers, and about how long that takes. */
import { generatorsOf } from "./scenarios.mjs";

/** @typedef {import("./scenarios.mjs").Generator} Generator */
/** @typedef {import("./scenarios.mjs").Scenario} Scenario */
/** @typedef {import("./servers.mjs").Server} Server */

/** Of the runs, for servers that no target is about, unless they are asked for by name. */
const OTHERS_PART = 0.4;
/** Of a run: the server starts and ends, and so does the generator. */
const AROUND_SECONDS = 0.15;
/** Until a client is in, and gone again. */
const CLIENT_SECONDS = 0.00013;
const MINUTE_SECONDS = 60;

/** @typedef {{ server: Server, runs: number }} Taking */
/** @typedef {import("./request.mjs").Request} Request */

/**
 * A scenario with one of the generators.
 * @typedef {object} Pass
 * @property {Scenario} scenario
 * @property {Generator} generator
 * @property {readonly Taking[]} taking the servers that take part, and in how many of the runs
 */

/**
 * @param {Pick<Request, "scenarios" | "generators" | "named" | "runs">} request
 * @param {readonly Server[]} servers those that there are
 * @param {boolean} oneCore a generator that spins would keep the server from running
 * @returns {Pass[]}
 */
export function planned({ scenarios, generators, named, runs }, servers, oneCore) {
  return scenarios.flatMap((scenario) => {
    const usual = generatorsOf(scenario);
    const wanted = scenario.kind === "idle" ? usual : (generators ?? usual);
    const possible = oneCore ? /** @type {const} */ (["sleeping"]) : wanted;
    return possible.map((generator) => {
      // Where both are measured by default, the second time is for what targets are about.
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

/** How long all of it takes. @param {readonly Pass[]} passes @param {number} [seconds] asked for */
export function secondsOf(passes, seconds) {
  const each = passes.map((pass) => {
    const { load } = pass.scenario;
    const window = (load["warm"] ?? 0) + (seconds ?? load["seconds"] ?? 0);
    return countOf(pass) * (AROUND_SECONDS + window + CLIENT_SECONDS * (load["clients"] ?? 0));
  });
  return each.reduce((sum, one) => sum + one, 0);
}

/** How many runs it has. @param {Pass} pass */
function countOf({ taking }) {
  return taking.reduce((sum, { runs }) => sum + runs, 0);
}

/** Told before anything is measured. @param {readonly Pass[]} passes @param {number} [seconds] */
export function planText(passes, seconds) {
  const count = passes.reduce((sum, pass) => sum + countOf(pass), 0);
  const minutes = Math.ceil(secondsOf(passes, seconds) / MINUTE_SECONDS);
  return `${count} runs, interleaved: about ${minutes} minute${minutes === 1 ? "" : "s"}`;
}
