/** Compares the I/O models: with each, the same clients, and when each client is answered. */
import type { Recording } from "./moment.js";
import type { Script } from "./script.js";

export const MODELS = ["blocking", "nonblocking", "multiplexed", "asynchronous"] as const;
export type Model = (typeof MODELS)[number];

const CLIENTS = 3;
/** Microseconds. */
const FIRST_LINE = 2_000;
const NEXT_LINE = 1_000;

/**
 * Returns a script in which three clients connect one after another, and then speak in this order.
 */
export function raceScript(model: Model, order: readonly number[]): Script {
  const connects = Array.from({ length: CLIENTS }, (_, client) => {
    return { at: 300 * (client + 1), does: "connect" as const, client, text: "" };
  });
  const writes = order.map((client, at) => {
    const text = `I am ${client + 1}\n`;
    return { at: FIRST_LINE + at * NEXT_LINE, does: "write" as const, client, text };
  });
  return { program: "io_models", words: [model], host: "exact", acts: [...connects, ...writes] };
}

export interface Finish {
  client: number;
  /** Microseconds from the client's line to its answer; undefined if it was never answered. */
  answered: number | undefined;
}

export function finishes({ script, moments }: Recording): Finish[] {
  return Array.from({ length: CLIENTS }, (_, client) => {
    const said = script.acts.find((act) => act.does === "write" && act.client === client);
    const heard = moments.find(
      ({ happening }) => happening?.what === "received" && happening.client === client,
    );
    const isAnswered = said !== undefined && heard !== undefined;
    return { client, answered: isAnswered ? heard.at / 1000 - said.at : undefined };
  });
}

/** Returns the number of calls that returned AGAIN or another error, without polls and peeks. */
export function vainCalls({ moments }: Recording): number {
  return moments.reduce(
    (sum, { kind, errno = 0, repeat, call }) =>
      kind === "call" && errno !== 0 && call?.poll === undefined && !call?.peeks
        ? sum + repeat
        : sum,
    0,
  );
}
