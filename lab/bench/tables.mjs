/** Tables of the results: the servers of a scenario, and the ratios of all scenarios. */
import { median, ratios } from "./figures.mjs";
import { BASE, NAGLE_BASE } from "./servers.mjs";

/** @typedef {import("./main.mjs").Measured} Measured */
/** @typedef {import("./measure.mjs").Found} Found */
/** @typedef {{ head: string[], rows: string[][] }} Table */

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
const PERCENT = 100;
const KIB = 1024;
const MIB = KIB * KIB;

/**
 * Returns the name of a pass. With idle clients the generators do not differ, so it has no suffix.
 *
 * @param {Pick<Measured, "scenario" | "generator">} measured
 */
export function nameOf({ scenario, generator }) {
  return scenario.name + suffixOf({ scenario, generator });
}

/** @param {Pick<Measured, "scenario" | "generator">} measured @returns {"" | " asleep"} */
export function suffixOf({ scenario, generator }) {
  return generator === "sleeping" && scenario.kind !== "idle" ? " asleep" : "";
}

/**
 * Returns the cost of a server: nanoseconds per delivery; percent of a core for idle clients;
 * microseconds per connection in a storm.
 *
 * @param {Measured} measured
 * @returns {(found: Found | undefined) => number | undefined}
 */
export function costOf({ scenario }) {
  return (found) => {
    if (found === undefined) return undefined;
    const { serverCpuSeconds, seconds, deliveries, setupCpuSeconds } = found;
    if (scenario.kind === "idle") return (PERCENT * serverCpuSeconds) / seconds;
    if (scenario.kind === "storm")
      return (MICROSECONDS * setupCpuSeconds) / Number(scenario.load["clients"]);
    return deliveries === 0 ? undefined : (NANOSECONDS * serverCpuSeconds) / deliveries;
  };
}

/** @param {Measured} measured @param {string} server the server's name */
export function runsOf(measured, server) {
  return (measured.found.get(server) ?? []).filter((found) => found !== undefined);
}

/**
 * Returns the median over a server's runs.
 *
 * @param {Measured} measured
 * @param {string} server the server's name
 * @param {(found: Found) => number | undefined} figure a value of one run
 */
export function medianOf(measured, server, figure) {
  const values = runsOf(measured, server).flatMap((found) => figure(found) ?? []);
  return values.length === 0 ? undefined : median(values);
}

/** Returns the ratio to another server's cost in the same run. */
export function ratioTo(
  /** @type {Measured} */ measured,
  /** @type {string} */ server,
  /** @type {string} */ base = BASE,
  /** @type {(found: Found | undefined) => number | undefined} */ figure = costOf(measured),
) {
  const values = (measured.found.get(server) ?? []).map(figure);
  const below = (measured.found.get(base) ?? []).map(figure);
  return ratios(values, below);
}

/**
 * Returns the sums of all faults of a server's runs.
 *
 * @param {Measured} measured
 * @param {string} server the server's name
 */
export function faultsOf(measured, server) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const { faults } of runsOf(measured, server)) {
    for (const [name, count] of Object.entries(faults))
      if (count > 0) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  const failed = measured.failed.get(server);
  const all = [...sums].map(([name, count]) => `${count} ${name}`);
  return [...all, ...(failed === undefined ? [] : [`a run failed: ${failed}`])].join(", ");
}

/** @param {number | undefined} value @param {number} [places] decimal places */
export function number(value, places = 0) {
  if (value === undefined || !Number.isFinite(value)) return "-";
  return value.toLocaleString("en-US", {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
}

/** @param {import("./figures.mjs").Spread | undefined} spread */
export function spreadText(spread) {
  if (spread === undefined) return "-";
  const { middle: value, least, most } = spread;
  const range = least === most ? "" : ` (${least.toFixed(2)}..${most.toFixed(2)})`;
  return `${value.toFixed(2)}${range}`;
}

/**
 * Returns the KiB of a module's own memory per connection; undefined for a native server.
 *
 * @param {Found} found
 * @param {number} clients
 */
export function guestKib({ guestStart, guestEnd }, clients) {
  return guestEnd > 0 ? (guestEnd - guestStart) / KIB / clients : undefined;
}

/** @typedef {(found: Found) => number | undefined} Figure */
/** @typedef {[title: string, figure: Figure, places?: number]} Column */

/** @param {Measured} measured @returns {Column[]} */
function columnsOf(measured) {
  const { kind, load } = measured.scenario;
  const clients = Number(load["clients"]);
  /** @type {Column} */
  const perConnection = [
    "KiB/connection",
    (found) => (found.rssEnd - found.rssStart) / KIB / clients,
    1,
  ];
  /** @type {Column} */
  const inGuest = ["of it the module's", (found) => guestKib(found, clients), 2];
  if (kind === "idle") return [["CPU %", costOf(measured), 3], perConnection, inGuest];
  if (kind === "storm") {
    return [
      ["CPU us/connection", costOf(measured), 1],
      ["ms until all are in", (found) => found.setupSeconds * 1000, 0],
      perConnection,
      inGuest,
    ];
  }
  return [
    ["CPU ns/delivery", costOf(measured), load["window"] === 0 ? 0 : 1],
    ["deliveries/s", (found) => found.deliveriesPerSecond],
    ["p50 us", (found) => found.p50Us],
    ["p99 us", (found) => found.p99Us],
    ["max us", (found) => found.maxUs],
    ["MiB", (found) => found.rssEnd / MIB, 1],
  ];
}

/**
 * Returns one row for each server.
 *
 * @param {Measured} measured
 * @returns {Table}
 */
export function scenarioTable(measured) {
  const columns = columnsOf(measured);
  const likes = measured.found.has(NAGLE_BASE);
  const like = likes ? [`to ${NAGLE_BASE}`] : [];
  const titles = [...columns.map(([title]) => title), "TCP_NODELAY", "faults"];
  const head = ["server", `to ${BASE}`, ...like, ...titles];
  const rows = [...measured.found.keys()].map((server) => {
    const failed = measured.failed.get(server);
    if (failed !== undefined && runsOf(measured, server).length === 0)
      return [server, `failed: ${failed}`];
    const figures = columns.map(([, figure, places]) =>
      number(medianOf(measured, server, figure), places),
    );
    const set = noDelayOf(measured, server);
    const alike = set === "no" ? spreadText(ratioTo(measured, server, NAGLE_BASE)) : "";
    const ratio = [spreadText(ratioTo(measured, server)), ...(likes ? [alike] : [])];
    return [server, ...ratio, ...figures, set, faultsOf(measured, server)];
  });
  return { head, rows };
}

/** Returns "yes" or "no" if all runs of a server agree about TCP_NODELAY. */
export function noDelayOf(/** @type {Measured} */ measured, /** @type {string} */ server) {
  const found = new Set(runsOf(measured, server).map(({ noDelay }) => noDelay));
  if (found.size !== 1 || found.has(-1)) return "unknown";
  return found.has(1) ? "yes" : "no";
}

/**
 * Returns the ratios of all scenarios.
 *
 * @param {readonly Measured[]} all the results of all scenarios
 * @returns {Table}
 */
export function ratioTable(all) {
  const servers = [...new Set(all.flatMap(({ found }) => [...found.keys()]))];
  const rows = servers.map((server) => [
    server,
    ...all.map((measured) => ratioText(measured, server, BASE)),
  ]);
  return { head: ["server", ...all.map(nameOf)], rows };
}

/**
 * @param {Measured} measured
 * @param {string} server the server's name
 * @param {string} base the name of the server that it is compared with
 */
function ratioText(measured, server, base) {
  return ratioTo(measured, server, base)?.middle.toFixed(2) ?? "-";
}

/** Native epoll and the component, each with and without TCP_NODELAY. */
const FOUR = {
  epoll: BASE,
  "epoll without": NAGLE_BASE,
  "p3 with": "pollcast-p3-nodelay",
  "p3 without": "pollcast-p3",
};

/** Returns the passes in which all four were measured. @param {readonly Measured[]} all */
function withAllFour(all) {
  return all.filter(({ found }) => Object.values(FOUR).every((server) => found.has(server)));
}

/**
 * Returns the effect of TCP_NODELAY on both servers, and their ratio with the same setting.
 *
 * @param {readonly Measured[]} all the results of all scenarios
 * @returns {Table}
 */
export function nagleCosts(all) {
  const pairs = [
    ["p3 with", "epoll"],
    ["p3 without", "epoll without"],
    ["epoll without", "epoll"],
    ["p3 without", "p3 with"],
  ];
  const serverOf = (/** @type {string} */ name) =>
    /** @type {Record<string, string>} */ (FOUR)[name] ?? "";
  const rows = withAllFour(all).map((measured) => [
    nameOf(measured),
    ...pairs.map(([one = "", other = ""]) => ratioText(measured, serverOf(one), serverOf(other))),
  ]);
  return { head: ["scenario", ...pairs.map((pair) => pair.join(" by "))], rows };
}

/**
 * Returns the latencies of the four, in microseconds.
 *
 * @param {readonly Measured[]} all the results of all scenarios
 * @returns {Table}
 */
export function nagleDelays(all) {
  const rows = withAllFour(all).map((measured) => [
    nameOf(measured),
    ...Object.values(FOUR).map((server) => {
      const [half, most] = [
        medianOf(measured, server, ({ p50Us }) => p50Us),
        medianOf(measured, server, ({ p99Us }) => p99Us),
      ];
      return `${number(half)}, ${number(most)}`;
    }),
  ]);
  return { head: ["scenario", ...Object.keys(FOUR)], rows };
}

/** Formats a table for a terminal. @param {Table} table */
export function inColumns({ head, rows }) {
  const lines = [head, ...rows];
  // A row with an error message is shorter, and does not widen a column.
  const widths = head.map((_, column) =>
    Math.max(
      ...lines
        .filter((line) => line.length === head.length)
        .map((line) => line[column]?.length ?? 0),
    ),
  );
  const text = (/** @type {string[]} */ line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return lines.map((line) => `${text(line)}\n`).join("");
}

/** @param {Table} table */
export function inMarkdown({ head, rows }) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |\n`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  const filled = rows.map((row) => head.map((_, column) => row[column] ?? ""));
  return [head, rule, ...filled].map(line).join("");
}
