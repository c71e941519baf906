/** Behaviours of simulated clients. Each adds the events of one client after its connect. */
import type { Random } from "../world/random.js";
import { MILLISECOND_NS, SECOND_NS } from "../world/world.js";
import * as lines from "./lines.js";
import type { Event } from "./spec.js";

export interface Client {
  client: number;
  /** The number of clients in the world: the more there are, the less each writes. */
  count: number;
  lastAt: number;
  maxLine: number;
  events: Event[];
}

export type Behaviour = (random: Random, client: Client, at: number) => void;

/** The average number of lines a second that all clients of a world write together. */
const LINES_A_SECOND = 20;

export function write({ client, events }: Client, at: number, bytes: Buffer): void {
  events.push({ act: "write", at, client, bytes });
}

export function does({ client, events }: Client, at: number, act: "end" | "close" | "reset"): void {
  events.push({ act, at, client });
}

/**
 * Calls `say` at random times, until the client's last time or a random time before it.
 *
 * @returns the time at which the client stops, in nanoseconds
 */
export function talk(
  random: Random,
  client: Client,
  from: number,
  say: (at: number) => void,
): number {
  const mean = (client.count / LINES_A_SECOND) * SECOND_NS * random.pick([0.2, 1, 3]);
  const until = random.chance(0.6) ? client.lastAt : random.between(from, client.lastAt);
  let at = from + random.below(2 * mean);
  for (; at < until; at += 1 + random.below(2 * mean)) say(at);
  return Math.min(at, client.lastAt);
}

const chatty: Behaviour = (random, client, from) => {
  const end = talk(random, client, from, (at) => write(client, at, lines.chat(random)));
  if (random.chance(0.3)) does(client, end, random.pick(["end", "close", "reset"]));
};

const silent: Behaviour = () => undefined;

const byteByByte: Behaviour = (random, client, from) => {
  talk(random, client, from, (start) => {
    const line = random.chance(0.5) ? lines.chat(random) : lines.hostile(random);
    let at = start;
    for (const byte of line.subarray(0, 100)) {
      write(client, at, Buffer.of(byte));
      at += random.below(MILLISECOND_NS);
    }
  });
};

const bursting: Behaviour = (random, client, from) => {
  for (let left = random.between(1, 4); left > 0; left--) {
    const at = random.between(Math.floor(from), client.lastAt);
    write(client, at, lines.burst(random));
    if (random.chance(0.2)) does(client, at, random.pick(["end", "reset", "close"]));
  }
};

const longLines: Behaviour = (random, client, from) => {
  talk(random, client, from, (at) => write(client, at, lines.long(random, client.maxLine)));
};

const hostile: Behaviour = (random, client, from) => {
  talk(random, client, from, (at) =>
    write(client, at, random.chance(0.1) ? lines.empty(random) : lines.hostile(random)),
  );
};

/** Stops reading, and may read again later. It may write meanwhile. */
const notReading: Behaviour = (random, client, from) => {
  const { client: number, events } = client;
  events.push({ act: "pause", at: from + random.below(SECOND_NS), client: number });
  const resumed = random.between(Math.floor(from), client.lastAt);
  if (random.chance(0.5)) events.push({ act: "resume", at: resumed, client: number });
  if (random.chance(0.3)) random.pick([chatty, bursting, longLines])(random, client, from);
};

const halfClosing: Behaviour = (random, client, from) => {
  const end = talk(random, client, from, (at) => write(client, at, lines.chat(random)));
  if (random.chance(0.7)) write(client, end, Buffer.from("my last, unfinished"));
  does(client, end, "end");
};

const resetting: Behaviour = (random, client, from) => {
  const end = talk(random, client, from, (at) => write(client, at, lines.chat(random)));
  write(client, end, Buffer.from("in the middle of a li"));
  does(client, end + random.pick([0, random.below(10 * MILLISECOND_NS)]), "reset");
};

const quitting: Behaviour = (random, client, from) => {
  const end = talk(random, client, from, (at) => write(client, at, lines.chat(random)));
  const rest = random.pick(["", "quit\n", "unheard\n", "x".repeat(100_000)]);
  write(client, end, Buffer.from(random.pick(["quit\n", "quit\r\n", "bye\nquit\n"]) + rest));
};

/** Connects, disconnects and connects again, many times. */
const storming: Behaviour = (random, client, from) => {
  const step = random.pick([1, 20, 500]) * MILLISECOND_NS;
  let at = from;
  for (let left = random.between(3, 30); left > 0 && at < client.lastAt; left--) {
    if (random.chance(0.7)) write(client, at, lines.chat(random));
    does(client, at + random.below(step), random.pick(["end", "close", "reset"]));
    at += random.below(2 * step);
    client.events.push({ act: "connect", at, client: client.client });
  }
};

export const BEHAVIOURS: readonly Behaviour[] = [
  ...[chatty, chatty, chatty, silent, byteByByte, bursting, longLines, hostile],
  ...[notReading, notReading, halfClosing, resetting, quitting, storming],
];
