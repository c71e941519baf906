/**
 * Draws which chat a world has (the tutorial's, or the one with names and rooms), its settings, and
 * the PROXY headers of its clients, valid and invalid.
 */
import type { Random } from "../world/random.js";
import { atConsole } from "./commands.js";
import { type ChatSettings, isProxied, type Style } from "./model/settings.js";
import { type Event, NO_CLIENT, type WorldSpec } from "./spec.js";

const STORM_EVENTS = 2500;
/**
 * If a world has at most this number of client addresses, most clients send a plain header with one
 * of them.
 */
export const CROWDED_MOST = 3;
const SIGNATURE = "0d0a0d0a000d0a515549540a";
const V2_TCP4 = `${SIGNATURE}2111000ccb007107c0000201c822270f`;
const V2_TCP6 = `${SIGNATURE}21210024${"20010db8".padEnd(32, "0")}${"0".repeat(32)}1f900050`;

export function drawStyle(random: Random): Style {
  if (random.chance(0.3)) return "tutorial";
  return random.pick(["line", "line", "line", "json", "json2"] as const);
}

export function drawChat(random: Random, style: Style): Partial<ChatSettings> {
  if (style === "tutorial") return { style };
  const rates = [
    { rate: 0, burst: 400, floodSeconds: 60 },
    { rate: 20, burst: 400, floodSeconds: 60 },
    {
      ...{ rate: random.between(1, 10), burst: random.between(4, 40) },
      floodSeconds: random.between(1, 20),
    },
  ];
  if (random.chance(0.2)) return { style, rate: 20 };
  return {
    style,
    ...random.pick(rates),
    maxRooms: random.pick([1, 2, 3, 5, 1000, 1000]),
    roomsPerClient: random.pick([1, 2, 3, 20]),
    history: random.pick([0, 1, 3, 10, 200, 200]),
    replay: random.pick([0, 2, 10, 10, 50]),
    announce: random.pick([0, 1, 3, 50, 50, 100]),
  };
}

export function drawOperators(random: Random, lastAt: number, events: Event[]): void {
  for (let left = random.below(6); left > 0; left--) {
    const at = random.below(lastAt);
    events.push({ act: "command", text: atConsole(random), at, client: NO_CLIENT });
  }
}

/**
 * Puts some listeners behind a proxy, which mostly sends valid headers.
 *
 * @param addresses if not 0, all listeners are behind a proxy, with this number of client addresses
 */
export function drawProxies(random: Random, spec: WorldSpec, addresses: number): void {
  const { settings, listeners } = spec;
  // A storm of connects has no announcements of joins: these would fill all the output.
  if (spec.events.length > STORM_EVENTS) settings.announce = Math.min(settings.announce, 3);
  if (random.chance(0.25)) settings.proxied = random.below(1 << listeners);
  if (addresses > 0) settings.proxied = (1 << listeners) - 1;
  const events: Event[] = [];
  for (const event of spec.events) {
    events.push(event);
    if (event.act !== "connect") continue;
    const behind = isProxied(settings, event.client % listeners);
    if (!behind && !random.chance(0.02)) continue;
    const { at, client } = event;
    const header = behind && random.chance(0.8) ? good(random, addresses || 9) : random.pick(BAD);
    const cut = random.chance(0.3) ? random.below(header.length + 1) : header.length;
    const parts = [header.subarray(0, cut), header.subarray(cut)];
    const late = random.chance(0.5) ? at : at + random.below(7_000_000_000);
    events.push({ act: "write", at, client, bytes: parts[0] ?? header });
    events.push({ act: "write", at: late, client, bytes: parts[1] ?? header });
  }
  spec.events = events;
}

function good(random: Random, addresses: number): Buffer {
  const address = `203.0.113.${random.between(1, addresses)}`;
  const port = random.between(1, 9);
  const text = [
    `PROXY TCP4 ${address} 192.0.2.1 ${port} 9999\r\n`,
    `PROXY TCP6 2001:db8::${random.between(1, 9)} ::1 ${port} 9999\r\n`,
    `PROXY TCP6 ::ffff:${address} ::1 ${port} 9999\r\n`,
    `PROXY TCP6 2001:db8:0:${random.below(2)}::${random.between(1, 9)} ::1 ${port} 9999\r\n`,
    `PROXY TCP4 127.0.0.${random.between(1, 3)} 127.0.0.1 ${port} 9999\r\n`,
    `PROXY TCP6 ::${random.pick(["1", "5:1", "ffff:127.0.0.1"])} ::1 ${port} 9999\r\n`,
    "PROXY UNKNOWN\r\n",
  ];
  const binary = [V2_TCP4, V2_TCP6, `${SIGNATURE}20000000`, `${SIGNATURE}21000000`];
  if (addresses <= CROWDED_MOST && random.chance(0.7)) return Buffer.from(text[0] ?? "");
  if (random.chance(0.3)) return Buffer.from(random.pick(binary), "hex");
  return Buffer.from(random.pick(text));
}

const BAD = [
  ...["PROXY TCP4 203.0.113.7 192.0.2.1 1 70000\r\n", "PROXY TCP4 203.0.113.7 192.0.2.1 1 2\n"],
  ...["PROXY TCP4 203.0.113.07 192.0.2.1 1 2\r\n", "PROXY TCP5 x\r\n", "PROXY \r\n", "hello\n"],
  ...[`PROXY ${"x".repeat(200)}`, "PROXY TCP6 1:2:3 ::1 1 2\r\n", "PROXX TCP4\r\n"],
]
  .map((text) => Buffer.from(text))
  .concat(
    [`${SIGNATURE}22110000`, `${SIGNATURE}2111000b`, `${SIGNATURE}2111ffff`, SIGNATURE].map((hex) =>
      Buffer.from(hex, "hex"),
    ),
  );
