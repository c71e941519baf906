/** Worlds that once revealed a bug. They are played again so that it does not return. */
import { drawWorld } from "../../../lab/sim/draw.js";
import type { Oracle } from "../../../lab/sim/failure.js";
import { FIRST_FAULTS, NO_CLIENT, type WorldSpec } from "../../../lab/sim/spec.js";
import { type ChatSettings, DEFAULTS } from "../../../lab/sim/model/settings.js";
import { MILLISECOND_NS, SECOND_NS } from "../../../lab/world/world.js";

interface Regression {
  name: string;
  /** The mistake, and whether the chat, the model or an oracle made it. */
  found: string;
  /** The oracle that detected it, if that is known. */
  oracle?: Oracle;
  spec: WorldSpec;
}

const QUIET = drawWorld(4, { dialect: "exact", faults: [], listeners: 1, style: "tutorial" });

/** Returns a seed's world without the later faults, in the tutorial's style. */
function first(seed: number): WorldSpec {
  return drawWorld(seed, { faults: FIRST_FAULTS, listeners: 1, style: "tutorial" });
}

/** Two clients connect: one does not read, and the other sends a line each millisecond. */
function lineByLine(lines: number, changes: Partial<ChatSettings>): WorldSpec {
  const at = SECOND_NS;
  const bytes = Buffer.from("x\n");
  return {
    ...QUIET,
    settings: { ...QUIET.settings, ...DEFAULTS, style: "line", ...changes },
    calmAt: 10 * SECOND_NS,
    events: [
      { act: "connect", at, client: 0 },
      { act: "connect", at, client: 1 },
      { act: "pause", at: at + 1, client: 0 },
      ...Array.from({ length: lines }, (_, index) => {
        return { act: "write" as const, at: at + (index + 2) * MILLISECOND_NS, client: 1, bytes };
      }),
    ],
  };
}

/** Three clients fill the server, and one of them speaks. Others come early, and after a minute. */
function fullOfSilence(): WorldSpec {
  const bytes = Buffer.from("x\n");
  const comes = [1, 1, 2, 60, 61.5, 61.5, 63].map((second, client) => {
    return { act: "connect" as const, at: second * SECOND_NS, client };
  });
  return {
    ...QUIET,
    settings: { ...QUIET.settings, ...DEFAULTS, style: "line", maxClients: 3 },
    calmAt: 65 * SECOND_NS,
    events: [...comes, { act: "write" as const, at: 2.5 * SECOND_NS, client: 1, bytes }].sort(
      (one, other) => one.at - other.at,
    ),
  };
}

/** A client speaks in a room with a key. After a kill, another one enters it without the key. */
function privateRoomThenKill(): WorldSpec {
  const said = ["/join den\n/mode +k green\nsecret\n", "/join den\n/history\n"];
  const [first, second] = [SECOND_NS, 3 * SECOND_NS];
  const speaks = (client: number, at: number) => [
    { act: "connect" as const, at, client },
    { act: "write" as const, at: at + 1, client, bytes: Buffer.from(said[client] ?? "") },
  ];
  return {
    ...QUIET,
    settings: { ...QUIET.settings, ...DEFAULTS, style: "line" },
    data: "always",
    calmAt: 5 * SECOND_NS,
    events: [
      ...speaks(0, first),
      { act: "kill", at: 2 * SECOND_NS, client: NO_CLIENT },
      ...speaks(1, second),
    ],
  };
}

/** stdout is read again and the chat is stopped at once: its last write reports the drops. */
function stopAfterDrops(): WorldSpec {
  const at = SECOND_NS;
  const text = "status\n".repeat(900);
  return {
    ...QUIET,
    settings: { ...QUIET.settings, stopAtEof: false },
    calmAt: 3 * SECOND_NS,
    events: [
      { act: "output", at, client: NO_CLIENT, name: "stdout", does: "pause" },
      { act: "command", at: at + 1, client: NO_CLIENT, text },
      { act: "output", at: 2 * at, client: NO_CLIENT, name: "stdout", does: "resume" },
      { act: "command", at: 2 * at, client: NO_CLIENT, text: "quit\n" },
    ],
  };
}

/**
 * The number of rooms in which a message is said at the same time. The first message has its own
 * tick. The other 256 fill the list of the next tick, so that the next announcement sends all of
 * them first.
 */
const TALKING_ROOMS = 257;

/**
 * In one tick, a client changes rooms, its socket breaks during the announcement, and another
 * client asks about it.
 *
 * @param more events of the same moment
 */
function breaksBetweenRooms(asks: string, more: WorldSpec["events"] = []): WorldSpec {
  const at = SECOND_NS;
  const mover = TALKING_ROOMS;
  const asker = TALKING_ROOMS + 1;
  const clients = [...Array(TALKING_ROOMS + 2).keys()];
  const talkers = clients.slice(0, TALKING_ROOMS);
  const write = (client: number, when: number, text: string) => {
    return { act: "write" as const, at: when, client, bytes: Buffer.from(text) };
  };
  return {
    ...QUIET,
    settings: { ...QUIET.settings, ...DEFAULTS, style: "line" },
    streams: clients.map(() => ({ inboxBytes: 65_536, outboxBytes: 65_536, latencyNs: 0 })),
    calmAt: 10 * SECOND_NS,
    events: [
      // One by one, as the listener's queue is shorter than this crowd.
      ...clients.map((client) => {
        return { act: "connect" as const, at: at + client * MILLISECOND_NS, client };
      }),
      ...talkers.map((client) => write(client, 2 * at, `/join room${client}\n`)),
      ...talkers.map((client) => write(client, 3 * at, "x\n")),
      write(mover, 3 * at, "/ping\n/join elsewhere\n"),
      { act: "reset", at: 3 * at, client: mover },
      write(asker, 3 * at, asks.replace("MOVER", `client-${mover + 1}`)),
      ...more,
    ],
  };
}

export const REGRESSIONS: readonly Regression[] = [
  { name: "seed 31", found: "an early model, not the chat", spec: first(31) },
  { name: "seed 36", found: "an early model, not the chat", spec: first(36) },
  { name: "seed 1011", found: "an early model, not the chat", spec: first(1011) },
  {
    name: "seed 3001",
    found: "the liveness oracle: a slow client, to whom others go on talking, was called stuck",
    oracle: "liveness",
    spec: drawWorld(3001, { style: "tutorial" }),
  },
  {
    name: "a stop after drops",
    found: "the chat: how many lines were dropped was not told",
    oracle: "console",
    spec: stopAfterDrops(),
  },
  {
    name: "a line of each tick for one who does not read",
    found: "the chat: each kept a whole chunk's memory",
    oracle: "memory",
    spec: lineByLine(1500, {}),
  },
  {
    name: "more than one line a second",
    found: "the chat: the bound was told as 1.0 lines",
    oracle: "bytes",
    spec: lineByLine(10, { rate: 1, burst: 4 }),
  },
  ...["/whois MOVER\n", "/msg MOVER x\n", "/who\n/who elsewhere\n"].map((asks) => ({
    name: `${asks.trim().replaceAll("\n", ", ")} of a client that broke between two rooms`,
    found: "the chat: it was listed, and in no room",
    oracle: "exit" as const,
    spec: breaksBetweenRooms(asks),
  })),
  {
    name: "the console lists a client that broke between two rooms",
    found: "the chat: it was listed, and in no room",
    oracle: "exit",
    spec: breaksBetweenRooms("x\n", [
      { act: "command", at: 3 * SECOND_NS, client: NO_CLIENT, text: "clients\n" },
    ]),
  },
  {
    name: "more clients come to a full server, after a minute in which some said nothing",
    found: "the chat: silent clients kept all places",
    spec: fullOfSilence(),
  },
  {
    name: "a private room after a kill",
    found: "the chat: all users could enter it and read its history",
    oracle: "kept",
    spec: privateRoomThenKill(),
  },
];
