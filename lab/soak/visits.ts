/**
 * The behaviours of visitors, from polite to hostile. Each is one visit, from connect to
 * disconnect.
 */
import type net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as lines from "../sim/lines.js";
import type { Random } from "../world/random.js";

const LINE_BYTES = 4096;

export class Visit {
  readonly #over = new AbortController();

  constructor(
    readonly socket: net.Socket,
    readonly random: Random,
  ) {
    // Visitors ignore what they receive; the crowd checks it.
    socket.resume();
    socket.on("close", () => this.#over.abort());
  }

  say(bytes: Uint8Array | string): void {
    this.socket.write(bytes);
  }

  /** Waits for a random time. @throws AbortError once the connection is closed */
  async rest(leastMs: number, mostMs = leastMs): Promise<void> {
    const ms = this.random.between(leastMs, mostMs);
    await sleep(ms, undefined, { signal: this.#over.signal });
  }

  leave(how: "end" | "reset" | "vanish"): void {
    if (how === "end") this.socket.end();
    else if (how === "reset") this.socket.resetAndDestroy();
    else this.socket.destroy();
  }
}

export type Behaviour = (visit: Visit) => Promise<void>;

/** Disconnects in a random way, and waits for the server's end. */
async function goodbye(visit: Visit): Promise<void> {
  const how = visit.random.pick(["quit", "end", "reset", "vanish"] as const);
  if (how === "quit") visit.say("quit\n");
  else visit.leave(how);
  await visit.rest(10_000);
}

const chatting: Behaviour = async (visit) => {
  for (let left = visit.random.between(1, 4); left > 0; left--) {
    visit.say(lines.chat(visit.random));
    await visit.rest(0, 600);
  }
  await goodbye(visit);
};

const silent: Behaviour = async (visit) => {
  await visit.rest(1000, 15_000);
  await goodbye(visit);
};

/** Sends many long lines, which fill the outboxes of slow consumers. */
const loud: Behaviour = async (visit) => {
  for (let left = visit.random.between(300, 600); left > 0; left--) {
    const length = visit.random.between(LINE_BYTES / 2, LINE_BYTES - 1);
    visit.say(`${"loud ".repeat(length).slice(0, length)}\n`);
    await visit.rest(20, 60);
  }
};

/** Sends lines around the length limit, and pieces without a line end. */
const endless: Behaviour = async (visit) => {
  for (let left = visit.random.between(5, 30); left > 0; left--) {
    const endlessPiece = Buffer.alloc(32_768, 0x78);
    visit.say(visit.random.chance(0.5) ? lines.long(visit.random, LINE_BYTES) : endlessPiece);
    await visit.rest(20, 200);
  }
  await goodbye(visit);
};

const hostile: Behaviour = async (visit) => {
  for (let left = visit.random.between(1, 20); left > 0; left--) {
    visit.say(visit.random.chance(0.1) ? lines.empty(visit.random) : lines.hostile(visit.random));
    await visit.rest(0, 300);
  }
  await goodbye(visit);
};

const halfLine: Behaviour = async (visit) => {
  visit.say("half a li");
  await visit.rest(0, 300);
  visit.leave(visit.random.pick(["end", "reset", "vanish"]));
};

const byteByByte: Behaviour = async (visit) => {
  const text = Buffer.concat([lines.hostile(visit.random), lines.chat(visit.random)]);
  for (const byte of text) {
    visit.say(Uint8Array.of(byte));
    await visit.rest(0, 20);
  }
  await goodbye(visit);
};

/** Shuts its write side and goes on reading. */
const halfClosing: Behaviour = async (visit) => {
  visit.say(lines.chat(visit.random));
  visit.leave("end");
  await visit.rest(10_000);
};

const lateReader: Behaviour = async (visit) => {
  visit.socket.pause();
  await visit.rest(2000, 15_000);
  visit.socket.resume();
  visit.say(lines.chat(visit.random));
  await visit.rest(500, 2000);
  await goodbye(visit);
};

/** Reads a little each second, which is less than arrives. */
const littleReader: Behaviour = async (visit) => {
  const { socket } = visit;
  socket.on("data", () => socket.pause());
  for (let left = visit.random.between(10, 50); left > 0; left--) {
    socket.resume();
    await visit.rest(1000);
  }
};

const neverReader: Behaviour = async (visit) => {
  visit.socket.pause();
  await visit.rest(20_000, 50_000);
};

const vanishing: Behaviour = async (visit) => {
  if (visit.random.chance(0.3)) await visit.rest(0, 20);
  visit.leave(visit.random.pick(["end", "reset", "vanish"]));
};

export interface Kind {
  name: string;
  behaviour: Behaviour;
  /** The mean time between two arrivals, in milliseconds. */
  everyMs: number;
  /** The number of visitors that arrive at the same time; 1 by default. */
  atOnce?: number;
}

export const KINDS: readonly Kind[] = [
  { name: "chatting", behaviour: chatting, everyMs: 200 },
  { name: "silent", behaviour: silent, everyMs: 1500 },
  { name: "loud", behaviour: loud, everyMs: 9000 },
  { name: "endless lines", behaviour: endless, everyMs: 3000 },
  { name: "hostile lines", behaviour: hostile, everyMs: 1000 },
  { name: "half a line", behaviour: halfLine, everyMs: 700 },
  { name: "byte by byte", behaviour: byteByByte, everyMs: 2000 },
  { name: "half-closing", behaviour: halfClosing, everyMs: 1000 },
  { name: "late readers", behaviour: lateReader, everyMs: 4000 },
  { name: "little readers", behaviour: littleReader, everyMs: 8000 },
  { name: "never-readers", behaviour: neverReader, everyMs: 8000 },
  { name: "storms", behaviour: vanishing, everyMs: 8000, atOnce: 40 },
];
