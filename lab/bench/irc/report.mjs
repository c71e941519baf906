/** The report of the IRC benchmark, as a Markdown page: a table for each scenario. */
import { median, ratios } from "../figures.mjs";
import { machine } from "../machine.mjs";

/** @typedef {import("./load.mjs").IrcFound} IrcFound */

/**
 * @typedef {object} Row
 * @property {string} about
 * @property {Omit<import("./load.mjs").Load, "port" | "pid">} load
 */

/** The outcomes of each server's runs, in order; a string says why a run failed. */
/** @typedef {Map<Row, Map<string, (IrcFound | string)[]>>} Results */

/** The server whose costs are the base of all ratios. */
const BASE = "pollcast";
const KIB = 1024;
const HEAD = [
  ["server", "CPU per delivered line, us", "ratio", "CPU of all joins, ms", "ratio"],
  ["KiB per user", "lines missing"],
].flat();

/** @param {Results} results @param {number} runs the number of runs of each server */
export async function reportOf(results, runs) {
  const now = `${new Date().toISOString().slice(0, 16)}Z`;
  const lines = [
    "# IRC servers",
    "",
    `Written by \`npm run bench -- --scenario IRC\`: ${now}, ${runs} interleaved runs of each.`,
    "The figures are medians. Each ratio is that of the server's cost to the cost of `pollcast`,",
    "the module, in the same round: above 1, the server costs more. All users join at once. In",
    "channels of more than 50 users, pollcast announces a member with its first message",
    "(`--announce`). The other servers announce each join.",
  ];
  for (const [row, found] of results) lines.push("", `## ${row.about}`, "", ...tableOf(found));
  lines.push("", "## Measured on", "", "| what | which |", "| --- | --- |");
  for (const [what, which] of await machine()) lines.push(`| ${what} | ${which} |`);
  return `${lines.join("\n")}\n`;
}

/** @param {Map<string, (IrcFound | string)[]>} found */
function tableOf(found) {
  const base = found.get(BASE) ?? [];
  const rule = HEAD.map((_, at) => (at === 0 ? "---" : "---:"));
  const rows = [...found].map(([name, outcomes]) => {
    const good = outcomes.filter((one) => typeof one !== "string");
    const failures = outcomes.filter((one) => typeof one === "string");
    if (good.length === 0) return [name, `failed: ${failures[0] ?? "no run"}`];
    const joins = (/** @type {IrcFound} */ one) => one.joinCpuSeconds * 1e3;
    return [
      name,
      fixed(median(good.map(lineCost)), 2),
      ratioOf(outcomes, base, lineCost),
      fixed(median(good.map(joins)), 1),
      ratioOf(outcomes, base, joins),
      fixed(median(good.map((one) => one.bytesPerUser / KIB)), 1),
      String(Math.max(...good.map((one) => one.missing))),
    ];
  });
  return [HEAD, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

/** Returns the microseconds per delivered line. @param {IrcFound} one */
function lineCost(one) {
  return (one.cpuSeconds * 1e6) / one.delivered;
}

/**
 * @param {readonly (IrcFound | string)[]} outcomes
 * @param {readonly (IrcFound | string)[]} base the outcomes of the base, in the same order
 * @param {(one: IrcFound) => number} cost
 */
function ratioOf(outcomes, base, cost) {
  const costs = (/** @type {readonly (IrcFound | string)[]} */ all) =>
    all.map((one) => (typeof one === "string" ? undefined : cost(one)));
  const found = ratios(costs(outcomes), costs(base));
  if (found === undefined) return "-";
  return `${fixed(found.middle, 2)} (${fixed(found.least, 2)}..${fixed(found.most, 2)})`;
}

/** @param {number} value @param {number} digits */
function fixed(value, digits) {
  return value.toFixed(digits);
}
