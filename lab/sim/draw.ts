/** Draws a world from a seed: the clients, their events, the settings and the faults. */
import { Random } from "../world/random.js";
import type { Dialect } from "../../host/runtime/table/readiness.js";
import { MILLISECOND_NS, SECOND_NS } from "../world/world.js";
import type { StreamOptions } from "../world/stream.js";
import { BEHAVIOURS, type Behaviour, type Client } from "./behaviours.js";
import { drawChat, drawOperators, drawProxies, drawStyle } from "./draw_chat.js";
import { drawLater } from "./draw_later.js";
import { drawData } from "./draw_data.js";
import { drawLaterScenes, drawScenes } from "./draw_scenes.js";
import { drawArrivals, drawBounds } from "./draw_bounds.js";
import { drawIrc } from "./irc/draw_irc.js";
import { drawLiveSettings } from "./draw_live_settings.js";
import { DEFAULTS, type ChatSettings, type Style } from "./model/settings.js";
import { ROOM_BEHAVIOURS } from "./room_behaviours.js";
import { FAULT_NAMES, FIRST_FAULTS, NO_CLIENT } from "./spec.js";
import type { Abi, Event, FaultName, FaultRates, WorldSpec } from "./spec.js";

export interface DrawOptions {
  abi?: Abi | undefined;
  dialect?: Dialect | undefined;
  /** The virtual time of the world; undefined: the seed decides. */
  minutes?: number | undefined;
  /** The only faults that may occur. */
  faults?: readonly FaultName[] | undefined;
  /** The number of listeners; undefined: the seed decides. */
  listeners?: number | undefined;
  /** The style of new clients; undefined: the seed decides. */
  style?: Style | undefined;
  /** True for worlds without idle limits, address limits, changed settings, drains and disks. */
  plain?: boolean;
  /** The worlds in which clients speak IRC: none by default, all, or those with even seeds. */
  irc?: (typeof IRC_SHARES)[number] | undefined;
}

export const IRC_SHARES = ["none", "half", "all"] as const;

const SECONDS_PER_MINUTE = 60;
const PIPE_BYTES = 65_536;
/** The random stream of the limits on arrivals. Components use the streams from 9 on, by life. */
const ARRIVALS_STREAM = 1000;
/** The random stream of the later scenes: the rest of a seed's world does not depend on them. */
const LATER_SCENES_STREAM = 1001;
type FirstFault = (typeof FIRST_FAULTS)[number];
const RATE_MOST: Record<FirstFault, number> = {
  ...{ "short-read": 0.5, "short-write": 0.5, again: 0.3, delay: 0.4, reset: 0.01, accept: 0.5 },
  // Per second.
  ...{ spurious: 50, jump: 1, stall: 0.3, swizzle: 1, kill: 0.1 },
  // The faults of calls on sockets.
  trap: 0.0002,
};
const RARE: readonly FirstFault[] = ["kill", "trap", "stall"];

export function drawWorld(seed: number, options: DrawOptions = {}): WorldSpec {
  const random = new Random(seed, 1);
  const later = new Random(seed, 3);
  const chat = new Random(seed, 4);
  const { style = drawStyle(chat) } = options;
  const settings: ChatSettings = { ...drawSettings(random), stopAtEof: later.chance(0.3) };
  Object.assign(settings, drawChat(chat, style));
  const behaviours = style === "tutorial" ? BEHAVIOURS : ROOM_BEHAVIOURS;
  const seconds = random.between(2, 40);
  const lastAt = options.minutes
    ? options.minutes * SECONDS_PER_MINUTE * SECOND_NS
    : seconds * SECOND_NS;
  const faults = drawFaults(random, options.faults);
  const count = drawCount(random);
  const streams = drawStreams(random, count);
  const events: Event[] = [];
  for (let client = 0; client < count; client++) {
    const one = { client, count, lastAt, maxLine: settings.maxLine, events };
    drawClient(random.fork(), one, behaviours);
  }
  drawConsole(random, lastAt, events);
  if (faults.swizzle) swizzle(random, count, lastAt, events);
  if (faults.kill) drawKills(random, lastAt, faults.kill, events);
  const dialect = random.chance(0.5) ? "exact" : "wasmtime-36";
  const spec: WorldSpec = {
    ...{ seed, settings, faults, streams, events, listeners: 1, outputBytes: PIPE_BYTES },
    ...{
      dialect: options.dialect ?? dialect,
      calmAt: lastAt + SECOND_NS,
      kills: [],
      data: "none",
    },
  };
  const { abi, faults: named = FAULT_NAMES, listeners } = options;
  const isComponent = abi === "p3";
  if (isComponent) spec.abi = abi;
  // A host of components stops a component whose stdout is not read, so they have no such fault.
  const allowed = isComponent ? named.filter((name) => name !== "stdio") : named;
  drawLater({ random: later, spec, lastAt }, allowed, listeners);
  if (style !== "tutorial") {
    const bounds = new Random(seed, 5);
    drawOperators(chat, lastAt, spec.events);
    const addresses = options.plain === true ? 0 : drawBounds(bounds, settings);
    if (options.plain !== true) drawArrivals(new Random(seed, ARRIVALS_STREAM), settings);
    const hasDisk = allowed.includes("kill");
    settings.showAddresses = new Random(seed, 8).chance(0.3);
    if (options.plain !== true) drawScenes(new Random(seed, 7), lastAt, spec, addresses);
    if (hasDisk && options.plain !== true) drawData(new Random(seed, 6), lastAt, spec);
    if (options.plain !== true) {
      drawLaterScenes(new Random(seed, LATER_SCENES_STREAM), lastAt, spec);
    }
    drawProxies(chat, spec, addresses);
    if (options.plain !== true) drawLiveSettings(bounds, lastAt, spec.events);
  }
  const { irc = "none" } = options;
  if (irc === "all" || (irc === "half" && seed % 2 === 0)) return drawIrc(spec, lastAt);
  const { events: drawn } = spec;
  for (const event of drawn) event.at = Math.floor(event.at);
  drawn.sort((one, two) => one.at - two.at);
  return spec;
}

function drawSettings(random: Random): ChatSettings {
  if (random.chance(0.3)) return DEFAULTS;
  const softLimit = random.pick([1024, 2000, 8192, 65_536, 262_144]);
  const hardLimit = softLimit * random.pick([1, 2, 4, 16]);
  const maxClients = random.chance(0.3) ? random.between(1, 20) : 10_000;
  return {
    ...DEFAULTS,
    ...{ softLimit, hardLimit, maxClients, softSeconds: random.pick([1, 2, 5, 10]) },
    maxLine: random.pick([16, 17, 64, 300, 1024, 4096, 16_384]),
    timeZone: random.pick([0, 480, -210, 840, -840, 345]),
  };
}

function drawFaults(random: Random, allowed: readonly FaultName[] = FAULT_NAMES): FaultRates {
  const faults: FaultRates = {};
  const any = random.chance(0.8);
  for (const name of FIRST_FAULTS) {
    const strikes = random.chance(RARE.includes(name) ? 0.1 : 0.35);
    const rate = RATE_MOST[name] * (random.between(1, 100) / 100) ** 2;
    if (any && strikes && allowed.includes(name)) faults[name] = rate;
  }
  return faults;
}

function drawCount(random: Random): number {
  const size = random.next() / 2 ** 32;
  if (size < 0.5) return random.between(1, 8);
  return size < 0.93 ? random.between(9, 40) : random.between(41, 250);
}

function drawStreams(random: Random, count: number): StreamOptions[] {
  const sizes = [200, 1000, 4096, 65_536, 65_536, 262_144];
  const latencies = [0, 0, MILLISECOND_NS / 10, MILLISECOND_NS, 40 * MILLISECOND_NS];
  const common = random.chance(0.5) ? random.pick(latencies) : undefined;
  return Array.from({ length: count }, () => ({
    inboxBytes: random.pick(sizes),
    outboxBytes: random.pick(sizes),
    latencyNs: common ?? random.pick(latencies),
  }));
}

function drawClient(random: Random, client: Client, behaviours: readonly Behaviour[]): void {
  const at = random.below(client.lastAt * (random.chance(0.7) ? 0.1 : 0.9));
  client.events.push({ act: "connect", at, client: client.client });
  random.pick(behaviours)(random, client, at);
}

function drawConsole(random: Random, lastAt: number, events: Event[]): void {
  for (let left = random.below(4); left > 0; left--) {
    const text = random.pick(["\n", "who\n", "status\r\n", "a\nb\n", "half", "quit it\n"]);
    events.push({ act: "command", text, at: random.below(lastAt), client: NO_CLIENT });
  }
  if (!random.chance(0.03)) return;
  // In addition to the quit at the end of each world: this one comes while clients are active.
  events.push({ act: "command", text: "\nquit\n", at: random.below(lastAt), client: NO_CLIENT });
}

/** Pauses the clients one by one, and resumes them in another order. */
function swizzle(random: Random, count: number, lastAt: number, events: Event[]): void {
  const from = random.below(lastAt / 2);
  const step = random.below(lastAt / 2) / (2 * count);
  const chosen = [...Array(count).keys()].filter(() => random.chance(0.6));
  const order = chosen.map((client) => ({ client, key: random.next() }));
  order.sort((one, two) => one.key - two.key);
  chosen.forEach((client, index) => {
    events.push({ act: "pause", at: from + index * step, client });
  });
  order.forEach(({ client }, index) => {
    events.push({ act: "resume", at: from + (count + index) * step, client });
  });
}

function drawKills(random: Random, lastAt: number, rate: number, events: Event[]): void {
  const most = Math.max(1, Math.min(20, (rate * lastAt) / SECOND_NS));
  for (let left = random.between(1, Math.ceil(most)); left > 0; left--) {
    events.push({ act: "kill", at: random.below(lastAt), client: NO_CLIENT });
  }
}
