/** The scenarios: how many clients there are, how much they send, and for how long. */

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} about
 * @property {Readonly<Record<string, number>>} load options of the generator (load/main.c)
 * @property {"talk" | "idle" | "storm"} kind
 * @property {boolean} [both] true to measure with both generators
 * @property {readonly string[]} [servers] the servers to measure, if not all
 * @property {boolean} [extra] true to measure only on request
 * @property {number} [queueBytes] the limit of a client's outbox, if not the usual one
 */

/**
 * The two kinds of load generators: one polls without pause, one sleeps until the kernel wakes it
 * (README.md).
 *
 * @typedef {"spinning" | "sleeping"} Generator
 */

/** @type {readonly Generator[]} */
export const GENERATORS = ["spinning", "sleeping"];

/**
 * Returns the default generators of a scenario. Idle clients produce no events to poll for.
 *
 * @param {Scenario} scenario
 * @returns {readonly Generator[]}
 */
export function generatorsOf({ kind, both }) {
  if (kind === "idle") return ["sleeping"];
  return both === true ? GENERATORS : ["spinning"];
}

/**
 * Returns the options of load/main.c.
 *
 * @param {Scenario} scenario
 * @param {Generator} generator
 */
export function loadOf({ load }, generator) {
  return { ...load, spins: generator === "spinning" ? 1 : 0 };
}

/** The limit of a client's outbox: the chat's default. */
export const QUEUE_BYTES = 1_048_576;
/** The longest line that the servers accept. */
export const LINE_BYTES = 16_384;
/** 10 senders with 64 long lines each can queue this much for each client, though none is slow. */
const LONG_QUEUE_BYTES = 67_108_864;

const CLOSED = { warm: 0.2, seconds: 0.8 };
const OPEN = { window: 0, warm: 0.2, seconds: 1.2 };
const A = { ...CLOSED, clients: 100, senders: 10, window: 64 };
const L = { ...CLOSED, clients: 100, senders: 4, window: 64, seconds: 1 };

/**
 * Shows how the cost of a line grows with the number of its recipients.
 *
 * @param {number} clients
 * @returns {Scenario}
 */
function curve(clients) {
  return {
    name: `N${clients}`,
    about: `${clients.toLocaleString("en-US")} clients, 20 lines/s in all`,
    kind: "talk",
    load: { ...OPEN, clients, senders: clients, rate: 20 },
    extra: true,
  };
}

/**
 * Many clients are connected. Ten talk in one room; the others are silent, in rooms of ten.
 *
 * @param {number} clients
 * @returns {Scenario}
 */
function silentCrowd(clients) {
  return {
    name: `S${clients}`,
    about: `${clients.toLocaleString("en-US")} clients, 10 of them talk in one room, 1,000 lines/s`,
    kind: "talk",
    both: true,
    load: { ...OPEN, clients, senders: 10, rate: 1000, room: 10, warm: 0.3 },
  };
}

/** @type {readonly Scenario[]} */
export const SCENARIOS = [
  {
    name: "A",
    about: "100 clients, 10 senders with 64 lines under way each",
    kind: "talk",
    both: true,
    load: A,
  },
  {
    name: "B",
    about: "1,000 clients, 4 senders with 8",
    kind: "talk",
    both: true,
    load: { ...CLOSED, clients: 1000, senders: 4, window: 8 },
  },
  {
    name: "C",
    about: "10 clients, all send, 256",
    kind: "talk",
    load: { ...CLOSED, clients: 10, senders: 10, window: 256 },
  },
  {
    name: "D2",
    about: "2,000 clients, idle",
    kind: "idle",
    load: { clients: 2000, senders: 0, warm: 0.3, seconds: 0.8 },
  },
  {
    name: "D10",
    about: "10,000 clients, idle",
    kind: "idle",
    load: { clients: 10_000, senders: 0, warm: 0.3, seconds: 0.8 },
  },
  {
    name: "E",
    about: "100 clients, 100 lines/s in all",
    kind: "talk",
    both: true,
    load: { ...OPEN, clients: 100, senders: 100, rate: 100 },
  },
  {
    name: "F",
    about: "5,000 clients, 1 sender with 8",
    kind: "talk",
    both: true,
    load: { ...CLOSED, clients: 5000, senders: 1, window: 8 },
  },
  {
    name: "G",
    about: "5,000 clients in rooms of 10, 1,000 lines/s from changing senders",
    kind: "talk",
    both: true,
    load: { ...OPEN, clients: 5000, senders: 5000, rate: 1000, room: 10, warm: 0.3 },
  },
  {
    name: "H",
    about: "100 clients, 10 senders with 1",
    kind: "talk",
    both: true,
    load: { ...A, window: 1 },
  },
  {
    name: "I",
    about: "1,000 clients, 100 lines/s in all",
    kind: "talk",
    both: true,
    load: { ...OPEN, clients: 1000, senders: 1000, rate: 100 },
  },
  {
    name: "J1",
    about: "as A with lines of 1 KiB",
    kind: "talk",
    load: { ...A, bytes: 1024 },
    queueBytes: LONG_QUEUE_BYTES,
  },
  {
    name: "J16",
    about: "as A with lines of 16 KiB",
    kind: "talk",
    // All lines in flight together are a gigabyte, which takes a second.
    load: { ...A, bytes: LINE_BYTES, warm: 0.5, seconds: 1.6 },
    queueBytes: LONG_QUEUE_BYTES,
  },
  {
    name: "K",
    about: "5,000 connect at once",
    kind: "storm",
    load: { clients: 5000, senders: 1, window: 1, storm: 1, warm: 0, seconds: 0.2 },
  },
  {
    name: "L",
    about: "100 clients, 4 senders with 64, beside 5 that never read and 500 connections/s",
    kind: "talk",
    load: { ...L, silent: 5, churn: 500 },
  },
  {
    name: "L0",
    about: "as L with nobody beside them",
    kind: "talk",
    servers: ["epoll", "pollcast", "pollcast-node", "pollcast-p3"],
    load: L,
  },
  { ...silentCrowd(100), extra: true },
  { ...silentCrowd(1000), extra: true },
  silentCrowd(5000),
  ...[10, 30, 100, 300, 1000, 3000, 10_000].map(curve),
];
