/** The model of the chat by itself: bounds on addresses and on silence, live settings, a drain. */
import { describe, expect, test } from "vitest";
import { ChatModel } from "../../../lab/sim/model/chat.js";
import { ConsoleModel } from "../../../lab/sim/model/console.js";
import { subscriberOf } from "../../../lab/sim/model/origin.js";
import { type ChatSettings, DEFAULTS } from "../../../lab/sim/model/settings.js";

const START_NS = 1_767_225_600_000_000_000n;
const SECOND_NS = 1_000_000_000;

/** A chat behind a proxy, in which whoever comes is 4, then 5, and so on. */
function behindProxy(changes: Partial<ChatSettings> = {}) {
  const clock = { now: 0, realtimeNs: START_NS };
  const settings = { ...DEFAULTS, style: "line" as const, ...changes };
  const model = new ChatModel<string>(settings, clock);
  const console = new ConsoleModel(model, false);
  let next = 4;
  const write = (fd: number, text: string) => {
    model.received(fd, Buffer.from(text));
    model.turnsAway();
  };
  const come = (address: string, port: number) => {
    const fd = next++;
    model.accepted(fd, address, true);
    write(fd, `PROXY TCP${address.includes(":") ? "6 " : "4 "}${address} ::1 ${port} 1\r\n`);
    return fd;
  };
  const heard = (fd: number) => {
    const owed = model.members.get(fd)?.owed;
    return owed?.take(owed.bytes).toString().split("\n").slice(0, -1) ?? [];
  };
  const wait = (seconds: number) => {
    const nanoseconds = Math.round(seconds * SECOND_NS);
    clock.now += nanoseconds;
    clock.realtimeNs += BigInt(nanoseconds);
    model.tickBegan(clock.now);
    // All that is due in this tick, and the clock that it sets timers by.
    model.waits(clock.now);
  };
  const operate = (text: string) => {
    console.typed(Buffer.from(`${text}\n`));
  };
  return { model, come, write, heard, wait, operate };
}

describe("all from one address", () => {
  test.each([
    ["203.0.113.7:5", "203.0.113.7"],
    ["[::ffff:203.0.113.7]:5", "203.0.113.7"],
    ["[2001:db8::9]:5", "2001:db8:0:0"],
    ["[2001:db8:0:1::9]:5", "2001:db8:0:1"],
    ["127.0.0.1:5", undefined],
    ["[::1]:5", undefined],
    ["", undefined],
  ])("%s is of %s", (peer, key) => {
    expect(subscriberOf(peer)).toBe(key);
  });

  test("are so many at a time", () => {
    const { come, heard } = behindProxy({ maxPerAddress: 2 });
    const six = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"].map((one, port) =>
      come(one, port + 1),
    );
    const words = six.map((fd) => heard(fd).at(-1));
    expect(words.map((one) => one.includes("too many have come from your address"))).toEqual([
      ...[false, false, true, false],
    ]);
  });

  test("take turns once they have said too much, and who said little stays", () => {
    const { come, write, heard, wait, model } = behindProxy({
      ...{ addressRate: 1, addressBurst: 4, floodSeconds: 2 },
    });
    const [one, other] = ["2001:db8::1", "2001:db8::2"].map((address) => come(address, 1));
    if (one === undefined || other === undefined) throw new Error("nobody came");
    write(one, "x\n".repeat(9));
    write(other, "y\n");
    const said = (fd: number) => heard(fd).filter((line) => / [xy]$/.test(line)).length;
    expect(said(one)).toBe(4);
    expect(heard(other).at(-1)).toContain("all from your address send more than 1 lines a second");
    for (let second = 0; second < 4; second++) wait(1.001);
    expect([model.members.get(one)?.reason, model.members.get(other)?.reason]).toEqual([
      ...["flood", undefined],
    ]);
  });
});

describe("who says nothing", () => {
  test("is warned, and closed", () => {
    const { come, write, heard, wait, model } = behindProxy({ idleSeconds: 8 });
    const fd = come("2001:db8::1", 1);
    write(fd, "x\n");
    heard(fd);
    wait(6);
    expect(heard(fd)).toEqual([
      "* you have said nothing for long: in 2 s you are closed, unless you do",
    ]);
    wait(2);
    expect(heard(fd)).toEqual(["* closed: you have said nothing for too long"]);
    expect(model.members.get(fd)?.reason).toBe("idle");
  });

  test("at all, is closed sooner: what its proxy says does not count", () => {
    const { come, wait, model } = behindProxy({ idleSeconds: 8, loginSeconds: 2 });
    const fd = come("2001:db8::1", 1);
    wait(2);
    expect(model.members.get(fd)?.reason).toBe("said nothing");
  });

  test("to the end of a line, is closed", () => {
    const { come, write, wait, model } = behindProxy({ lineSeconds: 2 });
    const fd = come("2001:db8::1", 1);
    write(fd, "half a ");
    wait(1);
    write(fd, "line");
    wait(1);
    expect(model.members.get(fd)?.reason).toBe("unfinished line");
  });
});

test("a setting holds as soon as it is set", () => {
  const { come, operate, wait, model } = behindProxy();
  const fd = come("2001:db8::1", 1);
  wait(10);
  operate("set idle-seconds 5\nset soft-limit 9999999\nset time-zone UTC");
  expect(model.settings.softLimit).toBe(DEFAULTS.softLimit);
  wait(1);
  expect(model.members.get(fd)?.reason).toBeUndefined();
  wait(1.25);
  expect(model.members.get(fd)?.reason).toBe("idle");
});

test("who is looked at late is warned all the same, and has the time that it is told", () => {
  const { come, wait, heard, model } = behindProxy({ idleSeconds: 8 });
  const fd = come("2001:db8::1", 1);
  heard(fd);
  wait(3600);
  expect(heard(fd)).toEqual([
    "* you have said nothing for long: in 2 s you are closed, unless you do",
  ]);
  wait(1.9);
  expect(model.members.get(fd)?.reason).toBeUndefined();
  wait(0.1);
  expect(model.members.get(fd)?.reason).toBe("idle");
});

test("a drain sends people away one after the other", () => {
  const { come, operate, wait, model, heard } = behindProxy();
  const all = [1, 2, 3, 4].map((port) => come("2001:db8::1", port));
  operate("drain 2");
  const gone = () => all.filter((fd) => model.members.get(fd)?.reason === "server draining").length;
  const course = [0, 1, 2].map(() => {
    wait(0.501);
    return gone();
  });
  expect(course).toEqual([1, 2, 3]);
  wait(0.501);
  expect(heard(all[3] ?? 0).at(-1)).toBe("* closed: the server is stopping");
});
