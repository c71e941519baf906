/** What the chat keeps on a disk, over kills: worlds of it, and that a loss would be seen. */
import { describe, expect, test } from "vitest";
import { drawWorld } from "../../host/sim/draw.js";
import { ChatModel } from "../../host/sim/model/chat.js";
import { Kept } from "../../host/sim/model/kept.js";
import { DEFAULTS } from "../../host/sim/model/settings.js";
import { play } from "../../host/sim/play.js";
import { type DataName, NOBODY, type WorldSpec } from "../../host/sim/spec.js";
import { SECOND_NS } from "../../host/wasi/virtual/world.js";
import { shipped } from "./support/module.js";

/** Somebody talks, is mute, sets a topic; after a kill another asks what was said. */
function killed(data: DataName): WorldSpec {
  const quiet = drawWorld(4, { dialect: "exact", faults: [], listeners: 1, style: "line" });
  const type = (at: number, client: number, text: string) => {
    return { act: "write" as const, at: at * SECOND_NS, client, bytes: Buffer.from(text) };
  };
  return {
    ...quiet,
    settings: { ...DEFAULTS, style: "line" },
    ...{ data, calmAt: 10 * SECOND_NS },
    events: [
      { act: "connect", at: SECOND_NS, client: 0 },
      type(1, 0, "/nick ann\n/join tea\n/topic of the day\none\ntwo\n"),
      { act: "command", at: 2 * SECOND_NS, client: NOBODY, text: "ban bob 1h spam\n" },
      { act: "kill", at: 3 * SECOND_NS, client: NOBODY },
      { act: "connect", at: 4 * SECOND_NS, client: 1 },
      type(4, 1, "/nick bob\n/join tea\n/history since 0\nthree\n"),
    ],
  };
}

describe("a chat that is killed begins anew", () => {
  test.each(["none", "never", "always", "power"] as const)("with %s to keep it", (data) => {
    const { failure, guests } = play(killed(data), shipped);
    expect(failure).toBeUndefined();
    expect(guests).toBe(2);
  });
});

describe("what is not there", () => {
  const clock = { now: 0, realtimeNs: 1_767_225_600_000_000_000n };
  const empty = () => new ChatModel<string>({ ...DEFAULTS, style: "line" }, clock);

  function talked() {
    const model = empty();
    model.hall.keeps = true;
    model.accepted(4, "ann");
    model.received(4, Buffer.from("hello\n"));
    return model;
  }

  test("was promised, if somebody has heard it", () => {
    const model = talked();
    model.turnsAway();
    const kept = new Kept([]);
    const next = empty().hall;
    next.lastId = 1;
    model.hall.promised.check(kept, next);
    model.waits(0);
    expect(() => {
      model.hall.promised.check(kept, next);
    }).toThrow("line 1 of client-1 is lost");
  });

  test("may not be given out again, heard or not", () => {
    const model = talked();
    model.turnsAway();
    expect(() => {
      model.hall.promised.check(new Kept([]), empty().hall);
    }).toThrow("1 will be given out again");
  });

  test("was promised, if it was decided before a wait", () => {
    const model = empty();
    model.hall.keeps = true;
    model.hall.bans.impose("bob 1h spam", model.hall.around.seconds());
    model.waits(0);
    expect(() => {
      model.hall.promised.check(new Kept([]), empty().hall);
    }).toThrow(/ban \d+ bob spam does not hold/);
  });
});
