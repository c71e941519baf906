/**
 * Draws a disk, kills that the chat's data must survive (some in the middle of a write), private
 * rooms that must not, and clients that connect afterwards.
 */
import type { Random } from "../world/random.js";
import { ROOM_BEHAVIOURS } from "./room_behaviours.js";
import { DATA_NAMES, type Kill, KILL_POINTS, NO_CLIENT, type WorldSpec } from "./spec.js";

const KILLS_MOST = 4;
/** The most lives of the guest that end at a drawn point, one after the other. */
const SHORT_LIVES_MOST = 6;
const COMERS_MOST = 8;
/**
 * The numbers of calls, sends or bytes after which a kill comes. The first write of a guest has
 * about 100 bytes.
 */
const NUMBERS: Record<Kill["at"], readonly number[]> = {
  ...{ call: [300, 3000, 30_000], send: [10, 100, 1000], byte: [100, 1000, 10_000] },
};

export function drawData(random: Random, lastAt: number, spec: WorldSpec): void {
  if (!random.chance(0.3)) return;
  spec.data = random.pick(DATA_NAMES);
  if (spec.data === "none") return;
  for (let left = random.below(SHORT_LIVES_MOST); left > 0; left--) {
    const at = random.pick(KILL_POINTS);
    spec.kills.push({ at, number: 1 + random.below(random.pick(NUMBERS[at])) });
  }
  for (let left = random.between(1, KILLS_MOST); left > 0; left--) {
    spec.events.push({ act: "kill", at: random.below(lastAt), client: NO_CLIENT });
  }
  for (let left = random.below(COMERS_MOST); left > 0; left--) drawComer(random, lastAt, spec);
  if (random.chance(0.5)) drawSecret(random, lastAt, spec);
}

/** Adds a client that speaks in a private room, a kill, and a client that looks at the room. */
function drawSecret(random: Random, lastAt: number, { events, streams }: WorldSpec): void {
  const from = random.below(0.8 * lastAt);
  const to = random.between(from, 0.9 * lastAt);
  const mode = random.pick(["+s", "+i", "+k green"]);
  const said = [`/join vault\n/mode ${mode}\nsecret\n`, "/join vault\n/history\nhello\n"];
  for (const [index, text] of said.entries()) {
    const client = streams.push(random.pick(streams)) - 1;
    const at = index === 0 ? from : to + 1;
    events.push({ act: "connect", at, client });
    events.push({ act: "write", at, client, bytes: Buffer.from(text) });
  }
  events.push({ act: "kill", at: to, client: NO_CLIENT });
}

/** Adds a client: a kill disconnects all that were there. */
function drawComer(random: Random, lastAt: number, spec: WorldSpec): void {
  const { events, streams, settings } = spec;
  const client = streams.push(random.pick(streams)) - 1;
  const at = random.below(0.9 * lastAt);
  events.push({ act: "connect", at, client });
  const one = { client, count: streams.length, lastAt, maxLine: settings.maxLine, events };
  random.pick(ROOM_BEHAVIOURS)(random.fork(), one, at);
}
