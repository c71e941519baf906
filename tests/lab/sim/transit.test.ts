/** Bytes are compared where they arrive: a kernel that corrupts them in flight is detected. */
import { afterEach, expect, test, vi } from "vitest";
import { drawWorld } from "../../../lab/sim/draw.js";
import { play } from "../../../lab/sim/play.js";
import { Transit } from "../../../lab/sim/transit.js";
import { StreamEnd } from "../../../lab/world/stream.js";
import { probed } from "./support/probed.js";

const WORLD = drawWorld(4, { faults: [], plain: true });
const SPOILED = 40;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Corrupts one of the guest's sends with `spoil`, which keeps the length. */
function withSpoiled(spoil: (bytes: Buffer) => Uint8Array): void {
  const send = Reflect.get(StreamEnd.prototype, "send");
  let sends = 0;
  vi.spyOn(StreamEnd.prototype, "send").mockImplementation(function (
    this: StreamEnd,
    pieces: readonly Uint8Array[],
  ) {
    // A client's end hears of what arrives, the module's does not.
    const isModule = this.onArrival === undefined;
    if (!isModule || ++sends !== SPOILED) return send.call(this, pieces);
    return send.call(this, [spoil(Buffer.concat(pieces))]);
  });
}

test.each<[string, (bytes: Buffer) => Uint8Array]>([
  ["another byte", (bytes) => bytes.map((byte, at) => (at === 7 ? byte ^ 1 : byte))],
  ["the first half twice", (bytes) => bytes.fill(bytes.subarray(0, bytes.length >> 1))],
  ["the halves the wrong way round", (bytes) => bytes.reverse()],
])("%s is seen where it arrives", (_what, spoil) => {
  withSpoiled(spoil);
  expect(play(WORLD, probed).failure).toMatchObject({ oracle: "delivery" });
});

test("and nothing else is", () => {
  withSpoiled((bytes) => bytes);
  expect(play(WORLD, probed).failure).toBeUndefined();
});

test("pieces may arrive cut otherwise, but not more than was sent", () => {
  const transit = new Transit("somebody");
  transit.sent(Buffer.from("one, "));
  transit.sent(Buffer.from("two, three"));
  transit.arrived(Buffer.from("one"));
  transit.arrived(Buffer.from(", two, t"));
  expect(transit.bytes).toBe(4);
  transit.arrived(Buffer.from("hree"));
  expect(transit.bytes).toBe(0);
  expect(() => transit.arrived(Buffer.from("!"))).toThrow(/after 15 bytes: "" was sent, "!" has/);
});
