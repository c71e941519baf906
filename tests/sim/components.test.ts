/** Seeded worlds around the chat's component, as under wasmtime 36 and 48. */
import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { drawWorld } from "../../host/sim/draw.js";
import { DEFAULTS } from "../../host/sim/model/settings.js";
import { play } from "../../host/sim/play.js";
import { NOBODY, type WorldSpec } from "../../host/sim/spec.js";
import { MILLISECOND_NS } from "../../host/wasi/virtual/world.js";
import { Wasm } from "../../host/wasi/webassembly.js";

const core = new Wasm.Module(fs.readFileSync("build/core/chat.wasm"));
// On a machine that is busy: alone each takes some seconds at most.
const MOST_MS = 120_000;
const WORLDS = 10;

const ABIS = ["p2-36", "p2-48"] as const;

/**
 * One who reads nothing asks for more than may be owed to it: the first two answers are sent in
 * part, and who speaks then must wait; the third closes it.
 */
function answersInPart(abi: (typeof ABIS)[number]): WorldSpec {
  const ms = (at: number) => at * MILLISECOND_NS;
  const write = (at: number, client: number, text: string) => {
    return { act: "write" as const, at: ms(at), client, bytes: Buffer.from(text) };
  };
  const small = { inboxBytes: 4096, outboxBytes: 4096, latencyNs: 0 };
  return {
    ...drawWorld(4, { abi, faults: [], listeners: 1, style: "line", plain: true }),
    settings: {
      ...DEFAULTS,
      ...{ style: "line", rate: 20, burst: 4, softLimit: 50_000, hardLimit: 100_000 },
    },
    streams: [small, small, small],
    calmAt: ms(15_000),
    events: [
      { act: "connect", at: ms(1000), client: 0 },
      write(1001, 0, `${"a".repeat(3000)}\n`.repeat(20)),
      { act: "connect", at: ms(9000), client: 1 },
      { act: "connect", at: ms(9001), client: 2 },
      { act: "pause", at: ms(9900), client: 1 },
      write(9960, 0, "one\n"),
      write(9980, 1, "/history 999\n".repeat(3)),
      write(10_000, 0, "two\nthree\nfour\nfive\n"),
      write(10_020, 2, "else\n"),
    ],
  };
}

/**
 * So many that all are asked by themselves, and the listener with them: an accept fails there now
 * and then, after waits that only the rest of those who say too much has ended.
 */
function failsToAccept(abi: (typeof ABIS)[number]): WorldSpec {
  const clients = Array.from({ length: 130 }, (_, client) => client);
  const bytes = Buffer.from("a\n".repeat(300));
  return {
    ...drawWorld(4, { abi, faults: [], listeners: 1, style: "line", plain: true }),
    settings: { ...DEFAULTS, style: "line", rate: 20, burst: 4 },
    streams: clients.map(() => ({ inboxBytes: 4096, outboxBytes: 4096, latencyNs: 0 })),
    faults: { accept: 0.3 },
    calmAt: 14_000 * MILLISECOND_NS,
    events: clients.flatMap((client) => {
      const [come, speak] = [client * MILLISECOND_NS, (1000 + 17 * client) * MILLISECOND_NS];
      const connect = { act: "connect" as const, at: come, client };
      return client < 3 ? [connect, { act: "write" as const, at: speak, client, bytes }] : connect;
    }),
  };
}

/**
 * One look finds the ends of many, before and behind one who asks for so much that it is sent to at
 * once, and one who asks who is here.
 */
function sendsAtOnce(abi: (typeof ABIS)[number]): WorldSpec {
  const large = { inboxBytes: 1_048_576, outboxBytes: 1_048_576, latencyNs: 0 };
  const at = (microseconds: number) => 2000 * MILLISECOND_NS + microseconds * 1000;
  const write = (when: number, client: number, text: string) => {
    return { act: "write" as const, at: when, client, bytes: Buffer.from(text) };
  };
  const readers = Array.from({ length: 40 }, (_, index) => index + 1);
  const leavers = readers.filter((client) => client !== 10 && client !== 20);
  return {
    ...drawWorld(4, { abi, faults: [], listeners: 1, style: "line", plain: true }),
    settings: { ...DEFAULTS, style: "line", softLimit: 50_000, hardLimit: 100_000 },
    streams: [0, ...readers].map(() => large),
    calmAt: at(1_000_000),
    events: [
      { act: "connect", at: at(-1_000_000), client: 0 },
      write(at(-900_000), 0, `${"a".repeat(3000)}\n`.repeat(20)),
      ...readers.map((client) => {
        return { act: "connect" as const, at: at(client - 500_000), client };
      }),
      ...readers.map((client) => write(at(0), client, "here\n")),
      ...leavers.map((client) => ({ act: "end" as const, at: at(80), client })),
      write(at(80), 10, "/history 999\n".repeat(6)),
      write(at(80), 20, "/who\n"),
    ],
  };
}

/** Nobody can ask it to stop, and it waits for somebody's time when it is ended. */
function endsWaiting(abi: (typeof ABIS)[number]): WorldSpec {
  return {
    ...drawWorld(4, { abi, faults: [], listeners: 1, style: "line", plain: true }),
    settings: { ...DEFAULTS, style: "line", idleSeconds: 3600 },
    streams: [{ inboxBytes: 4096, outboxBytes: 4096, latencyNs: 0 }],
    calmAt: 3000 * MILLISECOND_NS,
    events: [
      { act: "connect", at: 1000 * MILLISECOND_NS, client: 0 },
      { act: "eof", at: 2000 * MILLISECOND_NS, client: NOBODY },
    ],
  };
}

describe.each(ABIS)("the shipped component does well as %s", (abi) => {
  test.each([120, 130])(
    `in ${WORLDS} worlds from seed %i`,
    (first) => {
      let messages = 0;
      for (let seed = first; seed < first + WORLDS; seed++) {
        const played = play(drawWorld(seed, { abi }), core);
        expect(played.failure, `seed ${seed}`).toBeUndefined();
        messages += played.messages;
      }
      expect(messages).toBeGreaterThan(1000);
    },
    MOST_MS,
  );

  test("what is sent in part and then refused is one attempt", () => {
    expect(play(answersInPart(abi), core).failure).toBeUndefined();
  });

  test("an accept that fails as all are looked at makes the listener ready", () => {
    expect(play(failsToAccept(abi), core).failure).toBeUndefined();
  });

  test("what is sent at once comes before ends that are found, and not dealt with", () => {
    expect(play(sendsAtOnce(abi), core).failure).toBeUndefined();
  });

  test("who is ended in a wait keeps its timer", () => {
    expect(play(endsWaiting(abi), core).failure).toBeUndefined();
  });

  test("a seed is a world, twice the same", () => {
    const spec = drawWorld(4, { abi });
    expect(play(spec, core)).toEqual(play(spec, core));
    expect(drawWorld(4, { abi })).toEqual(spec);
  });
});

const ROOM = "who is found to have room ends the wait, as one who has something to read does";
const ORDER = "who is ready to be sent to has its turn before those who are found later";

test.each([
  { abi: "p2-36", seed: 1376, found: ORDER },
  { abi: "p2-48", seed: 1370, found: ROOM },
] as const)(
  "as $abi, in world $seed: $found",
  ({ abi, seed }) => {
    expect(play(drawWorld(seed, { abi }), core).failure).toBeUndefined();
  },
  MOST_MS,
);

test("the lines of wasmtime are two worlds", () => {
  const hashes = ABIS.map((abi) => play(drawWorld(4, { abi }), core).hash);
  expect(hashes[0]).not.toBe(hashes[1]);
});
