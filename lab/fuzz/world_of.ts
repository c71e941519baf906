/**
 * Converts bytes to a world. Any bytes give one, so every mutation is a valid input. The first ten
 * bytes are the settings and faults. Then come acts: one byte for the client, the kind of act, and
 * whether it happens at the same instant as the act before; then the operands. In a world with IRC,
 * nothing is typed on the console.
 */
import { MILLISECOND_NS, SECOND_NS } from "../world/world.js";
import { type ChatSettings, DEFAULTS, STYLES } from "../sim/model/settings.js";
import { type Act, DATA_NAMES, type Event, type FaultRates, NO_CLIENT } from "../sim/spec.js";
import type { WorldSpec } from "../sim/spec.js";

/** The bit of the byte for the disk with which clients with odd numbers speak IRC. */
const IRC = 0x80;
/** The second listener is for IRC. */
const IRC_LISTENERS = 0b10;
/** The most bytes of an input; the rest is ignored. */
export const INPUT_BYTES = 4096;
export const HEADER_BYTES = 10;
export const CLIENTS = 8;
/** The first bit of the kind in an act's byte. The bits below it are the client. */
export const ACT_SHIFT = 3;
/** The bit of an act's byte that is set if the act comes at the time of the act before it. */
export const AT_ONCE = 0x80;
export const ACTS = [
  ...["write", "write", "write", "write", "repeat", "repeat", "connect", "connect"],
  ...["end", "close", "reset", "pause", "resume", "wait", "command", "kill"],
] as const;

/** The most bytes that all clients write together: more take long and show nothing new. */
const WRITTEN_BYTES = 16_384;
/** The most events of a world. */
const EVENTS_MOST = 256;
const REPEATS_BITS = 12;
const PIPE_BYTES = 65_536;
const WAITS_NS = [2, 30, 500, 1500, 3000].map((milliseconds) => milliseconds * MILLISECOND_NS);

const FAULT_RATES: FaultRates[] = [
  ...[{ "short-read": 0.3 }, { "short-write": 0.3 }, { again: 0.2 }, { delay: 0.2 }],
  ...[{ reset: 0.02 }, { accept: 0.3 }, { spurious: 20 }, { stall: 0.2 }],
];

export function worldOf(input: Uint8Array): WorldSpec {
  const bytes = new Bytes(input.subarray(0, INPUT_BYTES));
  const first = bytes.next();
  const settings = settingsOf(first, bytes.next());
  const faults = bytes.next();
  const seed = bytes.next();
  const small = bytes.next();
  const latencyNs = bytes.pick([0, 0, MILLISECOND_NS]);
  const chat = chatOf(bytes.next(), bytes.next());
  const kept = bytes.next();
  const bounds = boundsOf(kept, bytes.next());
  const events = eventsOf(bytes);
  const bits = [...Array(CLIENTS).keys()].map((bit) => 1 << bit);
  const isIrc = (kept & IRC) !== 0;
  const sizes = bits.map((bit) => ((small & bit) !== 0 ? 1000 : 65_536));
  return {
    ...{
      seed,
      events: isIrc ? events.filter(({ act }) => act !== "command") : events,
      settings: { ...settings, ...chat, ...bounds, ...(isIrc ? { proxied: 0 } : {}) },
      dialect: (first & 0x80) === 0 ? "wasmtime-36" : "exact",
    },
    faults: Object.assign({}, ...FAULT_RATES.filter((_, at) => faults & (1 << at))) as FaultRates,
    streams: sizes.map((bytes) => ({ inboxBytes: bytes, outboxBytes: bytes, latencyNs })),
    ...{ listeners: isIrc || chat.proxied > 0 ? 2 : 1, outputBytes: PIPE_BYTES, kills: [] },
    ...(isIrc ? { irc: IRC_LISTENERS, isRandom: true } : {}),
    data: isIrc ? "none" : (DATA_NAMES[kept & 3] ?? "none"),
    calmAt: (events.at(-1)?.at ?? 0) + SECOND_NS,
  };
}

function settingsOf(one: number, other: number): ChatSettings {
  const pick = (bits: number, choices: readonly number[]) => choices[bits % choices.length] ?? 0;
  const softLimit = pick(one, [262_144, 1024, 8192]);
  return {
    ...DEFAULTS,
    softLimit,
    hardLimit: softLimit * pick(one >> 2, [4, 1, 2]),
    softSeconds: pick(one >> 4, [10, 1]),
    maxLine: pick(other, [4096, 16, 17, 300]),
    maxClients: pick(other >> 2, [10_000, 2, 3, 5]),
    timeZone: pick(other >> 4, [0, 480, -210]),
    stopAtEof: false,
  };
}

/** Zeros are the tutorial's chat without these settings. */
function chatOf(one: number, other: number) {
  const pick = (bits: number, choices: readonly number[]) => choices[bits % choices.length] ?? 0;
  const style = STYLES[one & 3] ?? "line";
  const limits = {
    rate: style === "tutorial" ? 0 : pick(other & 3, [0, 20, 2, 1]),
    burst: pick((other >> 2) & 1, [400, 4]),
    floodSeconds: pick((other >> 2) & 1, [60, 2]),
  };
  return {
    ...{ style, ...limits, proxied: (one & 4) === 0 ? 0 : 2 },
    showAddresses: (other & 0x80) !== 0,
    announce: pick((one >> 3) & 3, [50, 0, 1, 2]),
    replay: pick((one >> 5) & 3, [10, 0, 1, 3]),
    history: pick((other >> 3) & 3, [200, 0, 2, 5]),
    maxRooms: pick((other >> 5) & 3, [1000, 1, 2, 3]),
  };
}

/** Zeros are a chat without limits on idle clients and addresses. */
function boundsOf(one: number, other: number) {
  const pick = (bits: number, choices: readonly number[]) => choices[bits % choices.length] ?? 0;
  return {
    logJson: (one & 4) !== 0,
    idleSeconds: pick((one >> 3) & 3, [0, 1, 3, 8]),
    loginSeconds: pick((one >> 5) & 1, [0, 1]),
    lineSeconds: pick((one >> 6) & 1, [0, 1]),
    maxPerAddress: pick(other & 3, [0, 1, 2, 5]),
    addressRate: pick((other >> 2) & 3, [0, 1, 2, 10]),
    addressBurst: pick((other >> 4) & 1, [2000, 4]),
  };
}

function eventsOf(bytes: Bytes): Event[] {
  const events: Event[] = [];
  const came = new Set<number>();
  let at = 0;
  let left = WRITTEN_BYTES;
  while (!bytes.isDone && events.length < EVENTS_MOST) {
    const byte = bytes.next();
    const client = byte % CLIENTS;
    const what = ACTS[(byte >> ACT_SHIFT) % ACTS.length] ?? "write";
    if ((byte & AT_ONCE) === 0) at += MILLISECOND_NS;
    if (what === "wait") {
      at += bytes.pick(WAITS_NS);
      continue;
    }
    const act = actOf(what, bytes, left);
    const who = act.act === "command" || act.act === "kill" ? NO_CLIENT : client;
    if (act.act === "write") left -= act.bytes.length;
    if (who !== NO_CLIENT && act.act !== "connect" && !came.has(who)) {
      events.push({ act: "connect", at, client: who });
    }
    came.add(who);
    events.push({ ...act, at, client: who });
  }
  return events;
}

function actOf(what: Exclude<(typeof ACTS)[number], "wait">, bytes: Bytes, left: number): Act {
  if (what === "write") return { act: what, bytes: bytes.take(bytes.next()).subarray(0, left) };
  if (what === "command") return { act: what, text: bytes.take(bytes.next()).toString("latin1") };
  if (what !== "repeat") return { act: what };
  const times = 1 << (bytes.next() % REPEATS_BITS);
  const unit = bytes.take(bytes.next());
  const all = Buffer.alloc(Math.min(left, times * unit.length), unit);
  return { act: "write", bytes: all };
}

class Bytes {
  #at = 0;

  constructor(private readonly all: Uint8Array) {}

  get isDone(): boolean {
    return this.#at >= this.all.length;
  }

  /** Returns the next byte; zero at the end. */
  next(): number {
    return this.all[this.#at++] ?? 0;
  }

  pick(choices: readonly number[]): number {
    return choices[this.next() % choices.length] ?? 0;
  }

  take(count: number): Buffer {
    const from = this.#at;
    this.#at += count;
    return Buffer.from(this.all.subarray(from, this.#at));
  }
}
