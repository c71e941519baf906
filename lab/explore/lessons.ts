/**
 * The runs for the tutorial's charts: which programs they compare, and with how many clients.
 * count.ts counts their calls of the host.
 */
import { totalOf, type Counted, type Order } from "./count.js";

/** Microseconds. */
const SPIN_UNTIL = 20_000;
const SPIN_SAMPLES = 80;
/** The time until the first clients are accepted, in microseconds. */
const SETTLED = 20_000;
/**
 * The time that each further client adds, in microseconds: a program that tries all descriptors in
 * turn accepts only one client in each round.
 */
const SETTLED_PER_CLIENT = 100;
const LINES = 20;
const LINE_EVERY = 1_000;

export const SPINNERS = ["chat_v2", "chat_v1", "chat_v3"] as const;
/** The numbers of clients. */
export const CROWDS = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

/** One message in 20 ms of virtual time, with otherwise silent clients. */
export function spinOrder(program: string, clients: number): Order {
  const lines = [{ at: SPIN_UNTIL / 2, client: 0, text: "hello\n" }];
  const times = { from: 0, until: SPIN_UNTIL, samples: SPIN_SAMPLES };
  return { program, host: "exact", clients, lines, ...times };
}

/** The ways to wait that are compared as the number of clients grows. */
export const WAYS = ["circle", "poll", "lying"] as const;
export type Way = (typeof WAYS)[number];

/** Twenty messages, one each millisecond, from different clients. */
export function crowdOrder(way: Way, clients: number): Order {
  const from = SETTLED + clients * SETTLED_PER_CLIENT;
  return {
    program: "io_models",
    words: [way === "circle" ? "nonblocking" : "multiplexed"],
    host: way === "lying" ? "wasmtime-36" : "exact",
    clients,
    lines: Array.from({ length: LINES }, (_, at) => ({
      ...{ at: from + at * LINE_EVERY, client: (at * 7) % clients, text: `line ${at}\n` },
    })),
    ...{ from, until: from + (LINES + 1) * LINE_EVERY, samples: 1 },
  };
}

export interface CrowdRow {
  clients: number;
  /** Calls in each round of a program that tries all descriptors. */
  circle: number;
  /** Calls for each message. */
  poll: number;
  lying: number;
  /** The number of descriptors passed to polls, for each message. */
  handed: number;
  /** The number of ready descriptors among them, for each message. */
  ready: number;
}

export function crowdRow(clients: number, counted: Record<Way, Counted>): CrowdRow {
  const [circle, poll, lying] = [counted.circle, counted.poll, counted.lying].map(totalOf);
  if (circle === undefined || poll === undefined || lying === undefined)
    throw new Error("not everything was counted");
  return {
    clients,
    circle: circle.asked / Math.max(1, circle.rounds),
    poll: poll.calls / LINES,
    lying: lying.calls / LINES,
    handed: poll.handed / LINES,
    ready: poll.ready / LINES,
  };
}
