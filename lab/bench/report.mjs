/** The report of the benchmark: on the terminal, and as a Markdown page. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "../../scripts/lib/root.mjs";
import { BASE } from "./servers.mjs";
import { machine } from "./machine.mjs";
import {
  inColumns,
  inMarkdown,
  nagleCosts,
  nagleDelays,
  nameOf,
  number,
  ratioTable,
  runsOf,
  scenarioTable,
  suffixOf,
} from "./tables.mjs";
import { verdicts } from "./targets.mjs";

/** @typedef {import("./main.mjs").Measured} Measured */
/** @typedef {import("./main.mjs").Ready} Ready */
/** @typedef {import("./tables.mjs").Table} Table */

/**
 * The share of the machine's time used by other processes, above which a run counts as disturbed.
 */
const DISTURBED_PART = 0.05;
/** The share of a core above which the generator itself is the limit. */
const BUSY_PART = 0.95;

/**
 * @typedef {object} Results
 * @property {readonly Measured[]} measured
 * @property {readonly number[]} restarts milliseconds
 * @property {Ready} ready
 * @property {ReadonlyMap<string, string>} missing
 * @property {number} runs runs of each server
 * @property {number} passes planned passes
 * @property {string} out
 */

/**
 * Writes the page with the results so far, so that an interrupted benchmark leaves it.
 *
 * @param {Results} results
 * @returns {Promise<string>} the same for a terminal
 */
export async function report(results) {
  const { measured, restarts, ready, missing, runs, passes, out } = results;
  const told = await machine();
  const remarks = [...remarksOf(measured), missedOf(measured, restarts)];
  /** @type {[title: string, table: Table][]} */
  const tables = [
    ...ratioTables(measured),
    ["With and without TCP_NODELAY: cost", nagleCosts(measured)],
    ["With and without TCP_NODELAY: p50 and p99, us", nagleDelays(measured)],
    ["Targets", targetTable(measured, restarts)],
    ...measured.map(
      (each) =>
        /** @type {[string, Table]} */ ([
          `${nameOf(each)}: ${each.scenario.about}`,
          scenarioTable(each),
        ]),
    ),
    ["Servers", serverTable(ready, missing)],
    ["Measured on", { head: ["what", "which"], rows: told }],
  ];
  const filled = tables.filter(([, { rows }]) => rows.length > 0);
  const when = `${new Date().toISOString().slice(0, 16)}Z`;
  const intro = `${when}, ${runs} runs of each, interleaved.`;
  if (measured.length < passes)
    remarks.unshift(`UNFINISHED: ${measured.length} of ${passes} scenarios.`);
  const page = [
    "# Results of the benchmark\n",
    `Written by \`npm run bench\`; [README.md](README.md) says how to read it. ${intro}\n`,
    remarks.map((remark) => `- ${remark}\n`).join(""),
    ...filled.map(([title, table]) => `## ${title}\n\n${inMarkdown(table)}`),
  ];
  fs.mkdirSync(path.dirname(path.resolve(out)), { recursive: true });
  fs.writeFileSync(out, page.join("\n"));
  const shown = filled.map(([title, table]) => `\n${title}\n\n${inColumns(table)}`);
  const lines = [...remarks, path.relative(root, path.resolve(out))];
  return `${shown.join("")}\n${lines.map((line) => `${line}\n`).join("")}`;
}

/**
 * Returns one table for each generator.
 *
 * @param {readonly Measured[]} all the results of all scenarios
 * @returns {[string, Table][]}
 */
function ratioTables(all) {
  const generators = new Map([
    ["", "spins"],
    [" asleep", "sleeps"],
  ]);
  return [...generators].flatMap(([suffix, does]) => {
    const part = all.filter((measured) => suffixOf(measured) === suffix);
    const title = `Cost by that of ${BASE} in the same run (medians), where the generator ${does}`;
    return part.length === 0 ? [] : [[title, ratioTable(part)]];
  });
}

/**
 * @param {readonly Measured[]} measured
 * @param {readonly number[]} restarts milliseconds without service, for each restart
 */
function missedOf(measured, restarts) {
  const known = verdicts(measured, restarts).filter(({ met }) => met !== undefined);
  const missed = known.filter(({ met }) => met === false);
  const names = missed.map(({ target, measured: value }) => `${target} (${value})`).join("; ");
  const why =
    names === ""
      ? ""
      : `: ${names}. Why: [docs/notes/cost.md](../../docs/notes/cost.md#what-is-missed)`;
  return `${missed.length} of ${known.length} targets are missed${why}.`;
}

/**
 * @param {readonly Measured[]} measured
 * @param {readonly number[]} restarts milliseconds without service, for each restart
 * @returns {Table}
 */
function targetTable(measured, restarts) {
  const rows = verdicts(measured, restarts)
    .filter(({ met }) => met !== undefined)
    .map(({ target, measured: value, met }) => [target, value, met === true ? "met" : "MISSED"]);
  return { head: ["target", "measured", ""], rows };
}

/**
 * @param {Ready} ready the available servers
 * @param {ReadonlyMap<string, string>} missing the reasons why servers are missing, by name
 * @returns {Table}
 */
function serverTable(ready, missing) {
  const rows = [...ready].map(([server, start]) => {
    const sizes = (start.files ?? []).map((file) => `${fs.statSync(file).size} bytes`);
    return [server.name, server.about, sizes.join(", ")];
  });
  const left = [...missing].map(([name, why]) => [name, `left out: ${why}`, ""]);
  return { head: ["server", "what it is", "size of its .wasm"], rows: [...rows, ...left] };
}

/**
 * Returns remarks on how reliable the figures are.
 *
 * @param {readonly Measured[]} all the results of all scenarios
 */
function remarksOf(all) {
  const runs = all.flatMap((measured) =>
    [...measured.found.keys()].flatMap((server) =>
      runsOf(measured, server).map((found) => ({ name: nameOf(measured), server, found })),
    ),
  );
  const percent = (/** @type {number} */ part) => `${(100 * part).toFixed(0)} %`;
  const most = Math.max(0, ...runs.map(({ found }) => partOfOthers(found)));
  const disturbed = runs.filter(({ found }) => partOfOthers(found) > DISTURBED_PART);
  const remarks = [
    `${disturbed.length === 0 ? "Undisturbed" : "DISTURBED"}: in ${disturbed.length} of ` +
      `${runs.length} runs others used more than ${percent(DISTURBED_PART)} of the machine ` +
      `(at most ${percent(most)}).`,
  ];
  const [highest] = runs.sort(
    (one, other) => other.found.deliveriesPerSecond - one.found.deliveriesPerSecond,
  );
  if (highest !== undefined) {
    const { name, server, found } = highest;
    remarks.push(
      `The generator used ${percent(found.ownCpuSeconds / found.seconds)} of its core at the ` +
        `highest rate, ${number(found.deliveriesPerSecond)} deliveries/s (${name}, ${server}).`,
    );
  }
  const busy = runs.filter(({ found }) => found.ownCpuSeconds / found.seconds > BUSY_PART);
  if (busy.length > 0) {
    const names = [...new Set(busy.map(({ name, server }) => `${name} ${server}`))].join(", ");
    remarks.push(`The generator was as busy as it can be, so rates are its own: ${names}.`);
  }
  return remarks;
}

/** @param {import("./measure.mjs").Found} found */
function partOfOthers({ otherCpuSeconds, seconds }) {
  return otherCpuSeconds / (seconds * os.availableParallelism());
}
