/** The model of the chat by itself: what it requires, and that it detects violations. */
import { describe, expect, test } from "vitest";
import { ChatModel } from "../../../lab/sim/model/chat.js";
import { LineSplitter } from "../../../lab/sim/model/line_splitter.js";
import { sanitized } from "../../../lab/sim/model/sanitize.js";
import { DEFAULTS } from "../../../lab/sim/model/settings.js";
import { handle } from "./support/handled.js";

const START_NS = 1_767_225_600_000_000_000n;
const HELLO = "2026/01/01 00:00:00 client-1\nhello\n";

function bytes(text: string): Buffer {
  return Buffer.from(text);
}

function modelOfTwo() {
  const clock = { now: 0, realtimeNs: START_NS };
  const model = new ChatModel<string>(DEFAULTS, clock);
  model.accepted(4, "ann");
  model.accepted(5, "ben");
  return { model, clock };
}

describe("lines", () => {
  const cut = (pieces: string[], limit = 4) => {
    const splitter = new LineSplitter(limit);
    const all = pieces.flatMap((piece) => [...splitter.split(bytes(piece))]);
    const last = splitter.last();
    return [...all, ...(last ? [last] : [])].map((one) =>
      one.kind === "line" ? one.bytes.toString() : one.kind,
    );
  };

  test.each([
    [["a\nb\r\n\nc"], ["a", "b", "", "c"]],
    [
      ["abcd\n", "abcde\n"],
      ["abcd", "too long"],
    ],
    [["abcd\r", "\n"], ["abcd"]],
    [
      ["abcd\r", "e", "f\ng\n"],
      ["abcd", "ef", "g"],
    ],
    [
      ["ab", "cd", "ef", "gh\ni\n"],
      ["too long", "i"],
    ],
  ])("%j are %j", (pieces, lines) => {
    expect(cut(pieces)).toEqual(lines);
  });
});

test("what others are shown", () => {
  const shown = (hex: string) => sanitized(Buffer.from(hex, "hex")).toString();
  expect(shown("61096200")).toBe("a\tb\u2400");
  expect(shown("1b5b327f")).toBe("\u241b[2\u2421");
  expect(shown("c285")).toBe("\ufffd");
  expect(shown("e282")).toBe("\ufffd\ufffd");
  expect(shown("eda080")).toBe("\ufffd\ufffd\ufffd");
  expect(shown("f09f9982c3a9")).toBe("🙂é");
  expect(shown("e280ae")).toBe("\ufffd");
});

describe("a chat of two", () => {
  test("each gets each line, once", () => {
    const { model } = modelOfTwo();
    handle(model, 4, "hello\n");
    model.sent(4, [bytes(HELLO)], HELLO.length);
    model.sent(5, [bytes(HELLO)], 7);
    model.sent(5, [bytes(HELLO.slice(7))], HELLO.length - 7);
    model.waits(0);
    expect([model.server.lines, model.server.deliveries]).toEqual([1, 2]);
    expect(() => model.sent(5, [bytes(HELLO)], 7)).toThrow(/expected ""/);
  });

  test.each([
    ["another byte", HELLO.replace("hello", "hellp")],
    ["another name", HELLO.replace("client-1", "client-2")],
    ["another second", HELLO.replace("00:00:00", "00:00:01")],
    ["a byte too many", `${HELLO}x`],
  ])("%s is seen", (_what, text) => {
    const { model } = modelOfTwo();
    handle(model, 4, "hello\n");
    expect(() => model.sent(5, [bytes(text)], text.length)).toThrow(/client-2 \(open\), byte/);
  });

  test("a close without a reason is seen, and one with bytes owed", () => {
    const { model } = modelOfTwo();
    expect(() => model.closed(5)).toThrow(/without a reason/);
    handle(model, 4, "quit\n");
    expect(() => model.closed(4)).toThrow(/while 10 bytes were owed/);
  });

  test("an end that nobody minds is seen, and a wreck that nobody clears away", () => {
    const { model } = modelOfTwo();
    model.ended(4);
    expect(() => model.waits(0)).toThrow(/client-1 has left, and is not closed/);
    model.closes(4, "left");
    expect(() => model.waits(0)).toThrow(/client-1 \(left\) has all/);
    model.closed(4);
    model.waits(0);
    model.brokeReceiving(5);
    expect(() => model.waits(0)).toThrow(/client-2 is broken/);
  });

  test("one who is owed too much must be closed, and nobody else", () => {
    const { model } = modelOfTwo();
    const line = `${"x".repeat(1000)}\n`;
    for (let sent = 0; sent < DEFAULTS.hardLimit; sent += line.length) {
      handle(model, 4, line);
      const said = `2026/01/01 00:00:00 client-1\n${line}`;
      model.sent(4, [bytes(said)], said.length);
    }
    expect(() => model.waits(0)).toThrow(/client-2 is owed \d+ bytes/);
    const words = "* closed: you read too slowly, and lines for you have been dropped\n";
    expect(() => model.sent(4, [bytes(words)], 0)).toThrow(/expected ""/);
    expect(() => model.closes(4, "too slow")).toThrow(/client-1 is closed, and not for this/);
    model.closes(5, "too slow");
    expect(model.sessions.get(5)?.reason).toBe("too slow");
  });

  test("a line that is dealt with is the next, and all are", () => {
    const { model } = modelOfTwo();
    model.received(4, bytes("one\ntwo\n"));
    expect(() => model.waits(0)).toThrow(/a line of it is not dealt with/);
    model.received(5, bytes("one\ntwo\n"));
    model.lineBegins(5, "line", bytes("one"));
    model.lineBegins(5, "line", bytes("three"));
    expect(() => model.settle()).toThrow(/client-2 has said .*, not three/);
  });
});
