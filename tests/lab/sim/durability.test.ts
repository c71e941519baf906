/**
 * The chat's journal over kills, as a module and as a component, and tests that a loss is detected.
 */
import zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { drawWorld } from "../../../lab/sim/draw.js";
import { ChatModel } from "../../../lab/sim/model/chat.js";
import { JournalContents } from "../../../lab/sim/model/journal.js";
import { DEFAULTS } from "../../../lab/sim/model/settings.js";
import { play } from "../../../lab/sim/play.js";
import {
  type Abi,
  ABIS,
  type DataName,
  type Kill,
  NO_CLIENT,
  type WorldSpec,
} from "../../../lab/sim/spec.js";
import { SECOND_NS } from "../../../lab/world/world.js";
import { handle } from "./support/handled.js";
import { probed, probedCore } from "./support/probed.js";

/**
 * A client sets a topic and talks, also in a private room, and the operator bans a name. After a
 * kill another client asks for the histories.
 */
function killed(abi: Abi, data: DataName, kills: Kill[]): WorldSpec {
  const quiet = drawWorld(4, { abi, dialect: "exact", faults: [], listeners: 1, style: "line" });
  const type = (at: number, client: number, text: string) => {
    return { act: "write" as const, at: at * SECOND_NS, client, bytes: Buffer.from(text) };
  };
  return {
    ...quiet,
    settings: { ...DEFAULTS, style: "line" },
    ...{ data, kills, calmAt: 10 * SECOND_NS },
    events: [
      { act: "connect", at: SECOND_NS, client: 0 },
      type(1, 0, "/nick ann\n/join tea\n/topic of the day\none\n/join den\n/mode +s\ntwo\n"),
      { act: "command", at: 2 * SECOND_NS, client: NO_CLIENT, text: "ban bob 1h spam\n" },
      { act: "kill", at: 3 * SECOND_NS, client: NO_CLIENT },
      { act: "connect", at: 4 * SECOND_NS, client: 1 },
      type(4, 1, "/nick bob\n/join tea\n/history since 0\n/join den\n/history\nthree\n"),
    ],
  };
}

describe.each(ABIS)("a chat that is killed, as %s,", (abi) => {
  const live = (data: DataName, kills: Kill[] = []) =>
    play(killed(abi, data, kills), abi === "p1" ? probed : probedCore);

  test.each(["none", "never", "always", "power"] as const)("begins anew, with %s", (data) => {
    const { failure, guests } = live(data);
    expect(failure).toBeUndefined();
    expect(guests).toBe(2);
  });

  test.each(["never", "always", "power"] as const)(
    "may be so at any byte of what it writes, with %s, and once more soon after",
    (data) => {
      for (let number = 1; number <= 400; number += 7) {
        const next = { at: "byte" as const, number: 1 + (number % 90) };
        const { failure, guests } = live(data, [{ at: "byte", number }, next]);
        expect(failure, `killed at byte ${number}`).toBeUndefined();
        // What is said, talked about and decided here has more bytes than that.
        if (number < 250) expect(guests).toBeGreaterThan(2);
      }
    },
    120_000,
  );

  test("may be so after each of its sends", () => {
    for (let number = 1; number <= 8; number++) {
      const { failure, guests } = live("never", [{ at: "send", number }]);
      expect(failure, `killed after send ${number}`).toBeUndefined();
      expect(guests).toBeGreaterThanOrEqual(2);
    }
  });
});

describe("a disk after a kill", () => {
  const checksum = (bytes: Buffer) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(zlib.crc32(bytes));
    return sum;
  };
  const header = (number: number) => {
    const bytes = Buffer.alloc(28);
    bytes.write("pollcast");
    bytes.writeUInt32LE(1, 8);
    bytes.writeUInt32LE(number, 16);
    return Buffer.concat([bytes, checksum(bytes)]);
  };
  /** A record of an unknown type, with 10 bytes. */
  const rest = Buffer.from([10, 0, 0, 0, 99, 0, 0, 0, ...Buffer.from("0123456789")]);
  const record = Buffer.concat([checksum(rest), rest]);
  const torn = record.subarray(0, 15);
  const check = (...segments: Buffer[]) => {
    const named = segments.map(
      (content, at) => [`chat-0000000${at + 1}.journal`, content] as const,
    );
    new JournalContents(named).checkWhole();
  };

  test("may have a torn tail, or be torn in its first bytes", () => {
    check(Buffer.concat([header(1), record, record, torn]));
    check(Buffer.concat([header(1), record]), Buffer.concat([header(2), record, torn]));
    check(header(1).subarray(0, 31));
    check();
  });

  test("may not have anything behind a torn tail", () => {
    const written = Buffer.concat([header(1), record, torn, record]);
    expect(() => {
      check(written);
    }).toThrow("chat-00000001.journal:54: damaged bytes, 15 bytes");
    expect(() => {
      check(Buffer.concat([header(1), record, torn]), header(2));
    }).toThrow("chat-00000001.journal:54: a damaged end, 15 bytes");
  });
});

describe("what is not there", () => {
  const clock = { now: 0, realtimeNs: 1_767_225_600_000_000_000n };
  const empty = () => new ChatModel<string>({ ...DEFAULTS, style: "line" }, clock);

  function talked() {
    const model = empty();
    model.server.keeps = true;
    model.accepted(4, "ann");
    handle(model, 4, "hello\n");
    return model;
  }

  test("was promised, if somebody has heard it", () => {
    const model = talked();
    const journal = new JournalContents([]);
    const next = empty().server;
    next.lastId = 1;
    model.server.durability.check(journal, next);
    model.waits(0);
    expect(() => {
      model.server.durability.check(journal, next);
    }).toThrow("line 1 of client-1 is lost");
  });

  test("may not be given out again, heard or not", () => {
    const model = talked();
    expect(() => {
      model.server.durability.check(new JournalContents([]), empty().server);
    }).toThrow("1 will be given out again");
  });

  test("was promised, if it was decided before a wait", () => {
    const model = empty();
    model.server.keeps = true;
    model.server.bans.impose("bob 1h spam", model.server.context.seconds(), () => undefined);
    model.waits(0);
    expect(() => {
      model.server.durability.check(new JournalContents([]), empty().server);
    }).toThrow(/ban \d+ bob spam does not hold/);
  });
});
