/**
 * Draws a world in which some clients speak IRC, and others lines or JSON. Its listeners with odd
 * numbers are for IRC.
 */
import { Random } from "../../world/random.js";
import { MILLISECOND_NS, SECOND_NS } from "../../world/world.js";
import type { ChatSettings } from "../model/settings.js";
import { DEFAULTS } from "../model/settings.js";
import type { Event, FaultRates, WorldSpec } from "../spec.js";
import { END_TOKEN, IRC_BEHAVIOURS, OTHER_BEHAVIOURS, ROOMS } from "./behaviours.js";

const LISTENERS = 2;
const IRC_LISTENERS = 0b10;
/** The random stream of these worlds. Components use the streams from 9 on, by life. */
const IRC_STREAM = -1;
const PROBES_AFTER_NS = 3 * SECOND_NS;

/** @param base the parts of the world that do not depend on the protocol */
export function drawIrc(base: WorldSpec, lastAt: number): WorldSpec {
  const random = new Random(base.seed, IRC_STREAM);
  const count = random.chance(0.7) ? random.between(2, 10) : random.between(11, 30);
  const events: Event[] = [];
  for (let client = 0; client < count; client++) {
    const one = { client, count, lastAt, maxLine: 4096, events };
    const at = random.below(lastAt * (random.chance(0.7) ? 0.1 : 0.9));
    events.push({ act: "connect", at, client });
    random.pick(isIrc(client) ? IRC_BEHAVIOURS : OTHER_BEHAVIOURS)(random.fork(), one, at);
  }
  const console = base.events.filter(({ act }) => act === "kill");
  events.push(...console);
  for (let client = 0; client < count; client++) events.push(...probes(client, base.calmAt));
  for (const event of events) event.at = Math.floor(event.at);
  events.sort((one, two) => one.at - two.at);
  return {
    ...base,
    ...{ irc: IRC_LISTENERS, listeners: LISTENERS, events, data: "none" },
    settings: drawSettings(random),
    faults: faultsOf(base.faults),
    kills: base.kills.filter(({ at }) => at === "call"),
    streams: Array.from({ length: count }, () => random.pick(base.streams)),
  };
}

export function isIrc(client: number): boolean {
  return client % LISTENERS === 1;
}

function drawSettings(random: Random): ChatSettings {
  const softLimit = random.pick([2048, 8192, 65_536, 262_144]);
  return {
    ...DEFAULTS,
    style: random.pick(["line", "json2"] as const),
    ...{ softLimit, hardLimit: softLimit * 4, softSeconds: random.pick([1, 10]) },
    ...{ rate: random.pick([0, 20]), history: random.pick([0, 3, 200]) },
    ...{ replay: random.pick([0, 2, 10]), announce: 100, roomsPerClient: random.pick([2, 20]) },
  };
}

/** Leaves out the faults of the standard streams, and those whose clients are drawn elsewhere. */
function faultsOf(faults: FaultRates): FaultRates {
  return { ...faults, stdio: 0, eof: 0, rush: 0 };
}

/** At the end of the world, asks for everything that a client may know. */
function probes(client: number, calmAt: number): Event[] {
  const at = calmAt + PROBES_AFTER_NS + client * MILLISECOND_NS;
  const about = ROOMS.flatMap((room) => [`NAMES #${room}`, `WHO #${room}`, `MODE #${room}`]);
  const asked = isIrc(client) ? [...about, `PING ${END_TOKEN}`] : ROOMS.map((one) => `/who ${one}`);
  return [{ act: "write", at, client, bytes: Buffer.from(`${asked.join("\r\n")}\r\n`) }];
}
