/**
 * The model of the chat by itself: limits on addresses and idle clients, changed settings, a drain.
 */
import { describe, expect, test } from "vitest";
import { ChatModel } from "../../../lab/sim/model/chat.js";
import { ConsoleModel } from "../../../lab/sim/model/console.js";
import { subscriberOf } from "../../../lab/sim/model/address_limiter.js";
import { type ChatSettings, DEFAULTS } from "../../../lab/sim/model/settings.js";
import { handle } from "./support/handled.js";

const START_NS = 1_767_225_600_000_000_000n;
const SECOND_NS = 1_000_000_000;

/** A chat behind a proxy. Its clients have the descriptors 4, 5 and so on. */
function behindProxy(changes: Partial<ChatSettings> = {}) {
  const clock = { now: 0, realtimeNs: START_NS };
  const settings = { ...DEFAULTS, style: "line" as const, ...changes };
  const model = new ChatModel<string>(settings, clock);
  const console = new ConsoleModel(model, false);
  let next = 4;
  const write = (fd: number, text: string) => {
    handle(model, fd, text);
  };
  const come = (address: string, port: number) => {
    const fd = next++;
    model.accepted(fd, address, true);
    model.received(fd, Buffer.from(`PROXY TCP6 ${address} ::1 ${port} 1\r\n`));
    model.settle();
    return fd;
  };
  const heard = (fd: number) => {
    const outbox = model.sessions.get(fd)?.outbox;
    return outbox?.take(outbox.bytes).toString().split("\n").slice(0, -1) ?? [];
  };
  const wait = (seconds: number) => {
    const nanoseconds = Math.round(seconds * SECOND_NS);
    clock.now += nanoseconds;
    clock.realtimeNs += BigInt(nanoseconds);
    model.tickBegan(clock.now);
  };
  const operate = (text: string) => {
    console.typed(Buffer.from(`${text}\n`));
    model.settle();
  };
  const rest = () => {
    model.waits(clock.now);
  };
  return { model, come, write, heard, wait, rest, operate };
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

  test("have so many lines dealt with, in turns, and who floods for too long may be closed", () => {
    const { come, write, wait, rest, model } = behindProxy({
      ...{ addressRate: 1, addressBurst: 4, floodSeconds: 2 },
    });
    const [one = 0, other = 0] = ["2001:db8::1", "2001:db8::2"].map((address) => come(address, 1));
    const more = (fd: number, text: string) => {
      model.received(fd, Buffer.from(text));
      model.reports.waitsForTurn(fd);
      model.reports.tellsFlood(fd, true);
    };
    const deals = (fd: number) => {
      model.lineBegins(fd, "line", Buffer.from("x"));
      model.settle();
    };
    write(one, "x\nx\nx\nx\n");
    more(one, "x\nx\n");
    more(other, "x\n");
    expect(() => deals(one)).toThrow(/before its turn/);
    rest();
    wait(1.001);
    expect(() => model.reports.takesTurn(other)).toThrow(/has its turn before/);
    model.reports.takesTurn(one);
    model.lineBegins(one, "line", Buffer.from("x"));
    wait(0.5);
    expect(() => model.closes(one, "flood")).toThrow(/not for this: flood/);
  });

  test("are not held without need", () => {
    const { come, wait, rest, model } = behindProxy({ rate: 1, burst: 4 });
    const fd = come("2001:db8::1", 1);
    model.received(fd, Buffer.from("x\n"));
    expect(() => model.reports.waitsForTurn(fd)).toThrow(/a line of it is not dealt with/);
    const another = come("2001:db8::2", 2);
    for (let line = 0; line < 5; line++) {
      model.received(another, Buffer.from("x\n"));
      if (line < 4) model.lineBegins(another, "line", Buffer.from("x"));
    }
    model.reports.waitsForTurn(another);
    model.reports.tellsFlood(another, false);
    rest();
    wait(1.1);
    expect(rest).toThrow(/has lines that wait, and no limit is reached/);
  });
});

describe("who says nothing", () => {
  test("is warned, and closed", () => {
    const { come, write, heard, wait, rest, model } = behindProxy({ idleSeconds: 8 });
    const fd = come("2001:db8::1", 1);
    write(fd, "x\n");
    heard(fd);
    wait(5.9);
    expect(() => model.reports.tellsIdle(fd)).toThrow(/too soon/);
    wait(0.1);
    model.reports.tellsIdle(fd);
    expect(heard(fd)).toEqual([
      "* you have said nothing for long: in 2 s you are closed, unless you do",
    ]);
    expect(() => model.closes(fd, "idle")).toThrow(/not for this: idle/);
    wait(2);
    model.closes(fd, "idle");
    expect(heard(fd)).toEqual(["* closed: you have said nothing for too long"]);
    rest();
  });

  test.each([
    ["said nothing", { loginSeconds: 2 }, ""],
    ["unfinished line", { lineSeconds: 2 }, "half a line"],
  ] as const)("may be closed in its time: %s", (reason, changes, text) => {
    const { come, write, wait, rest, model } = behindProxy(changes);
    const fd = come("2001:db8::1", 1);
    if (text !== "") write(fd, text);
    wait(1.9);
    expect(() => model.closes(fd, reason)).toThrow(/not for this/);
    wait(0.2);
    rest();
    wait(1);
    expect(rest).toThrow(/is silent, and neither warned nor closed/);
    model.closes(fd, reason);
    rest();
  });
});

test("a setting holds as soon as it is set", () => {
  const { come, operate, wait, rest, model } = behindProxy();
  const fd = come("2001:db8::1", 1);
  wait(10);
  operate("set idle-seconds 5\nset soft-limit 9999999\nset time-zone UTC");
  expect(model.settings.softLimit).toBe(DEFAULTS.softLimit);
  rest();
  wait(1.1);
  expect(rest).toThrow(/is silent/);
  model.reports.tellsIdle(fd);
  rest();
});

test("a drain sends people away one after the other", () => {
  const { come, operate, wait, rest, model, heard } = behindProxy();
  const all = [1, 2, 3, 4].map((port) => come("2001:db8::1", port));
  const [first = 0, second = 0, third = 0, last = 0] = all;
  operate("drain 2");
  expect(() => model.closes(first, "server draining")).toThrow(/not for this/);
  wait(0.501);
  expect(() => model.closes(second, "server draining")).toThrow(/not for this/);
  model.closes(first, "server draining");
  rest();
  wait(0.7);
  expect(rest).toThrow(/3 people are left by the drain/);
  model.closes(second, "server draining");
  wait(0.5);
  model.closes(third, "server draining");
  expect(() => model.closes(last, "server stopping")).toThrow(/nobody has asked it to/);
  wait(0.5);
  model.closes(last, "server stopping");
  expect(heard(last).at(-1)).toBe("* closed: the server is stopping");
});
