/** The performance targets, and how the results compare with them. */
import { faultsOf, guestKib, medianOf, ratioTo, suffixOf } from "./tables.mjs";
import { median } from "./figures.mjs";
import { BASE, NAGLE_BASE, SERVERS } from "./servers.mjs";

/** @typedef {import("./main.mjs").Measured} Measured */

/**
 * @typedef {object} Verdict
 * @property {string} target
 * @property {string} measured
 * @property {boolean | undefined} met undefined if it was not measured
 */

const OURS = "pollcast";
/** Our own servers, and one that is not comparable. */
const NOT_RIVALS = [OURS, "pollcast-node", "pollcast-p3", "pollcast-p3-nodelay", "chat_v2"];
const MOST_TO_EPOLL = new Map(
  Object.entries({
    ...{ A: 1.1, C: 1.1, J1: 1.1, J16: 1.1, E: 1.15 },
    ...{ B: 1.25, F: 1.25, H: 1.25, I: 1.25, L: 1.25 },
  }),
);
const P3 = "pollcast-p3";
const P3_MOST_TO_EPOLL = new Map(
  Object.entries({ A: 1.3, B: 1.25, E: 1.6, F: 1.25, G: 2, H: 1.6, I: 1.25, S5000: 2 }),
);
/** The component and native epoll with the same TCP_NODELAY setting. */
const ALIKE = [
  { ours: "pollcast-p3-nodelay", base: BASE, how: "both with TCP_NODELAY" },
  { ours: P3, base: NAGLE_BASE, how: "both without TCP_NODELAY" },
];
const P3_P50_MOST_MS = 0.3;
const P3_IDLE_MOST_KB = 5;
const PYTHON_SCENARIOS = ["A", "C", "H", "J1", "J16", "L"];
const WASM_LEAD = 1.2;

/**
 * @param {readonly Measured[]} all the results of all scenarios
 * @param {readonly number[]} restarts milliseconds
 * @returns {Verdict[]}
 */
export function verdicts(all, restarts) {
  return [
    ...["", " asleep"].flatMap((suffix) => {
      const part = all.filter((measured) => suffixOf(measured) === suffix);
      return verdictsOf(part).map((one) => ({
        ...one,
        target: one.target.replace(":", `${suffix}:`),
      }));
    }),
    held("restart after kill -9: served within 300 ms", median(restarts), 300, "most", 0),
  ];
}

/**
 * Returns the verdicts for the results of one generator.
 *
 * @param {readonly Measured[]} all the results of all scenarios
 */
function verdictsOf(all) {
  const by = new Map(all.map((measured) => [measured.scenario.name, measured]));
  return [
    ...byEpoll(by),
    ...latencies(by),
    ...component(by),
    ...byRivals(all),
    ...idle(by),
    ...sparse(by),
    ...rough(by),
  ];
}

/**
 * @param {string} target
 * @param {number | undefined} value the measured one
 * @param {number} bound the value that `kind` allows at most or at least
 * @param {"most" | "least"} kind
 * @param {number} [places] decimal places of the shown value
 * @returns {Verdict}
 */
function held(target, value, bound, kind, places = 2) {
  if (value === undefined || !Number.isFinite(value))
    return { target, measured: "not measured", met: undefined };
  // Compares the value as it is printed, so that 1.25 is never reported to exceed 1.25.
  const shown = value.toFixed(places);
  const met = kind === "most" ? Number(shown) <= bound : Number(shown) >= bound;
  return { target, measured: shown, met };
}

/** @param {Map<string, Measured>} by the results by scenario @returns {Verdict[]} */
function byEpoll(by) {
  return [...MOST_TO_EPOLL].map(([name, most]) => {
    const measured = by.get(name);
    const ratio = measured && ratioTo(measured, OURS)?.middle;
    return held(`${name}: CPU per delivery at most ${most} of native epoll`, ratio, most, "most");
  });
}

/** @param {Map<string, Measured>} by the results by scenario @returns {Verdict[]} */
function latencies(by) {
  const measured = by.get("E");
  const ratio = (/** @type {"p50Us" | "p99Us"} */ field) =>
    measured && ratioTo(measured, OURS, "epoll", (found) => found?.[field])?.middle;
  return [
    held("E: p50 at most 1.2 of native epoll", ratio("p50Us"), 1.2, "most"),
    held("E: p99 at most 1.5 of native epoll", ratio("p99Us"), 1.5, "most"),
  ];
}

/**
 * The targets of the WASI 0.3 component.
 *
 * @param {Map<string, Measured>} by the results by scenario
 * @returns {Verdict[]}
 */
function component(by) {
  const costs = [...P3_MOST_TO_EPOLL].flatMap(([name, most]) =>
    ALIKE.map(({ ours, base, how }) => {
      const measured = by.get(name);
      const ratio = measured && ratioTo(measured, ours, base)?.middle;
      return held(`${name}: p3 at most ${most} of native epoll, ${how}`, ratio, most, "most");
    }),
  );
  const crowd = by.get("S5000");
  const delays = ALIKE.map(({ ours }) => {
    const delay = crowd && medianOf(crowd, ours, ({ p50Us }) => p50Us / 1000);
    return held(
      `S5000: p50 of ${ours} at most ${P3_P50_MOST_MS} ms`,
      delay,
      P3_P50_MOST_MS,
      "most",
    );
  });
  const many = by.get("D10");
  const clients = Number(many?.scenario.load["clients"]);
  const kb =
    many && medianOf(many, P3, ({ rssStart, rssEnd }) => (rssEnd - rssStart) / 1000 / clients);
  const memory = `D10: p3 has at most ${P3_IDLE_MOST_KB} KB for an idle client, host and guest`;
  return [...costs, ...delays, held(memory, kb, P3_IDLE_MOST_KB, "most")];
}

/** Compares our cost with that of each rival, scenario by scenario. */
function byRivals(/** @type {readonly Measured[]} */ all) {
  return SERVERS.filter(({ name }) => !NOT_RIVALS.includes(name)).flatMap((rival) => {
    const lead = leadOver(rival);
    if (lead === undefined) return [];
    return all
      .filter(
        ({ scenario }) =>
          lead.scenarios?.includes(scenario.name) ??
          (scenario.name !== "L0" && scenario.extra !== true),
      )
      .map((measured) => {
        const where = measured.scenario.name;
        const target = `${where}: ${rival.name} costs at least ${lead.least} of ours`;
        return held(target, ratioTo(measured, rival.name, OURS)?.middle, lead.least, "least");
      });
  });
}

/**
 * @param {import("./servers.mjs").Server} rival a server that is not ours
 * @returns {{ least: number, scenarios?: readonly string[] } | undefined} undefined if there is no
 *   target
 */
function leadOver({ name, kind }) {
  if (kind === "wasm") return { least: WASM_LEAD };
  if (name.startsWith("python")) return { least: 1, scenarios: PYTHON_SCENARIOS };
  return ["node", "go"].includes(name) ? { least: 1 } : undefined;
}

/** @param {Map<string, Measured>} by the results by scenario @returns {Verdict[]} */
function idle(by) {
  const percent = (/** @type {string} */ name) => {
    const measured = by.get(name);
    return (
      measured &&
      medianOf(
        measured,
        OURS,
        ({ serverCpuSeconds, seconds }) => (100 * serverCpuSeconds) / seconds,
      )
    );
  };
  const many = by.get("D10");
  const kib =
    many && medianOf(many, OURS, (found) => guestKib(found, Number(many.scenario.load["clients"])));
  return [
    held("D2: 2,000 idle at most 0.1 % of a core", percent("D2"), 0.1, "most", 3),
    held("D10: 10,000 idle at most 0.5 % of a core", percent("D10"), 0.5, "most", 3),
    held("D10: at most 4 KiB of the module's memory for an idle connection", kib, 4, "most"),
  ];
}

/** @param {Map<string, Measured>} by the results by scenario @returns {Verdict[]} */
function sparse(by) {
  const measured = by.get("G");
  const ratio = measured && ratioTo(measured, OURS, "poll")?.middle;
  const milliseconds = measured && medianOf(measured, OURS, ({ p99Us }) => p99Us / 1000);
  return [
    held("G: CPU per delivery at most 3 of native poll", ratio, 3, "most"),
    held("G: p99 below 20 ms", milliseconds, 20, "most", 1),
  ];
}

/** @param {Map<string, Measured>} by the results by scenario @returns {Verdict[]} */
function rough(by) {
  const [beside, alone] = [by.get("L"), by.get("L0")];
  const rates = [beside, alone].map(
    (measured) => measured && medianOf(measured, OURS, (found) => found.deliveriesPerSecond),
  );
  const rate = (rates[0] ?? NaN) / (rates[1] ?? NaN);
  const harmed = ["K", "L"].map((name) => {
    const measured = by.get(name);
    const target = `${name}: nobody refused, nothing lost`;
    if (measured === undefined || !measured.found.has(OURS))
      return { target, measured: "not measured", met: undefined };
    const unserved = medianOf(measured, OURS, ({ churnFailed }) => churnFailed) ?? 0;
    const faults = faultsOf(measured, OURS);
    const found = [faults, unserved > 0 ? `${unserved} who came and went unserved` : ""];
    const text = found.filter((each) => each !== "").join(", ");
    return { target, measured: text === "" ? "none" : text, met: text === "" };
  });
  return [held("L: rate at least 0.9 of that without disturbers", rate, 0.9, "least"), ...harmed];
}
