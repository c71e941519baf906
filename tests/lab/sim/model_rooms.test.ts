/**
 * The model of the chat by itself: which client gets what, with names, rooms, history and limits.
 */
import { describe, expect, test } from "vitest";
import { ChatModel } from "../../../lab/sim/model/chat.js";
import { ConsoleModel } from "../../../lab/sim/model/console.js";
import { ProxyHeader } from "../../../lab/sim/model/proxy_header.js";
import { faultOf, keyOf, Undecided } from "../../../lab/sim/model/names.js";
import { type ChatSettings, DEFAULTS } from "../../../lab/sim/model/settings.js";
import { handle } from "./support/handled.js";
import { foldStep, kindOf, NONE } from "../../../scripts/lib/unicode_data.mjs";

const START_NS = 1_767_225_600_000_000_000n;

/**
 * A chat of two: Ann (descriptor 4) reads text, Ben (5) reads JSON. `heard` returns what each got
 * since the last call.
 */
function ofTwo(changes: Partial<ChatSettings> = {}) {
  const clock = { now: 0, realtimeNs: START_NS };
  const model = new ChatModel<string>({ ...DEFAULTS, style: "line", ...changes }, clock);
  model.accepted(4, "Ann");
  model.accepted(5, "Ben");
  const type = (fd: number, ...lines: string[]) => {
    handle(model, fd, lines.map((line) => `${line}\n`).join(""));
  };
  const heard = (fd: number) => {
    const outbox = model.sessions.get(fd)?.outbox;
    return outbox?.take(outbox.bytes).toString().split("\n").slice(0, -1);
  };
  type(4, "/nick ann");
  type(5, "/nick ben", "/style json");
  heard(4);
  heard(5);
  return { model, clock, type, heard };
}

describe("who hears what", () => {
  test("what is said in a room, each in its style", () => {
    const { type, heard } = ofTwo();
    type(4, 'say "hi"', "/me waves");
    expect(heard(4)).toEqual(['00:00:00 ann: say "hi"', "00:00:00 * ann waves"]);
    const time = { time: 1_767_225_600, ms: 0 };
    const object = { id: 1, ...time, room: "lobby", from: "ann", text: 'say "hi"' };
    expect(heard(5)?.[0]).toBe(JSON.stringify({ type: "message", ...object }));
  });

  test("what is said alone, nobody else; who ignores, nothing", () => {
    const { type, heard } = ofTwo();
    type(4, "/msg ben psst");
    expect(heard(4)).toEqual(["[you -> ben] psst"]);
    expect(heard(5)).toHaveLength(1);
    type(5, "/ignore ann");
    heard(5);
    type(4, "/msg ben psst", "hello");
    expect(heard(5)).toEqual([]);
  });

  test("what is said elsewhere, nobody", () => {
    const { type, heard } = ofTwo();
    type(5, "/join tea");
    type(4, "hello");
    expect(heard(4)).toEqual(["* ben left", "00:00:00 ann: hello"]);
    expect(heard(5)?.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      "welcome",
    ]);
  });

  test("what was said since, once", () => {
    const { type, heard } = ofTwo({ history: 2 });
    type(4, "one", "two", "three");
    heard(5);
    type(5, "/history since 2", "/history since 0");
    const types = heard(5)?.map((line) => {
      const { type: kind, id, code } = JSON.parse(line) as Record<string, unknown>;
      return [kind, id ?? code];
    });
    expect(types).toEqual([
      ["message", 3],
      ["history", undefined],
      ["error", "history-gap"],
      ["message", 2],
      ["message", 3],
      ["history", undefined],
    ]);
  });
});

test("who is mute is not heard, and who is banned is told why it goes", () => {
  const { model, clock, type, heard } = ofTwo();
  const console = new ConsoleModel(model, false);
  console.typed(Buffer.from("mute ANN 2s\n"));
  type(4, "hello", "/who");
  const words = "* nobody hears you: you are mute for 2 s";
  expect(heard(4)).toEqual([words, words, "* lobby (2): ann, ben"]);
  expect(heard(5)).toEqual([]);
  clock.now = 2_000_000_000;
  clock.realtimeNs += 2_000_000_000n;
  model.tickBegan(clock.now);
  console.typed(Buffer.from("ban ann 1h spam\n"));
  model.settle();
  expect(heard(4)).toEqual(["* closed: you are banned for 1 h 0 m: spam"]);
  type(5, "/nick Ann");
  expect(heard(5)?.at(-1)).toContain('"code":"name-banned"');
});

describe("names", () => {
  test.each([
    ["Ivan", "lvan"],
    ["bob", "B0B"],
    ["mike", "rnike"],
    ["zoé", "zoe\u0301"],
    ["copy", "сору"],
  ])("%s and %s are one", (one, other) => {
    expect(keyOf(one)).toBe(keyOf(other));
  });

  test.each(["", "-x", "x.", "1st", "a/b", "client-7", "a11", "annа", "x".repeat(33), "10.0.0.1"])(
    "%j is refused, if it is one",
    (name) => {
      if (name !== "") expect(faultOf(name)).toBeDefined();
    },
  );

  test("its letters look as Unicode says", () => {
    const fold = (one: string): string => {
      const step = foldStep(one);
      return step === undefined ? one : Array.from(step, fold).join("");
    };
    let known = 0;
    for (let code = 0x21; code < 0x2_0000; code++) {
      const letter = String.fromCodePoint(code);
      if ((code >= 0xd800 && code < 0xe000) || kindOf(letter) === NONE) continue;
      try {
        expect([letter, keyOf(letter)]).toEqual([letter, fold(letter)]);
        known++;
      } catch (error) {
        if (!(error instanceof Undecided)) throw error;
      }
    }
    expect(known).toBeGreaterThan(90);
  });
});

test.each([
  [true, "PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999\r\nhello", "header", "203.0.113.7:51234"],
  [true, "PROXY TCP6 2001:DB8:0::1 ::1 1 2\r\n", "header", "[2001:db8::1]:1"],
  [true, "PROXY UNKNOWN whatever\r\n", "header", ""],
  [true, "PROXY TCP4 203.0.113.7 192.0.2.1 51234 70000\r\n", "malformed", ""],
  [true, "hello\n", "malformed", ""],
  [true, "PROX", "more", ""],
  [false, "PROX", "more", ""],
  [false, "PROXY", "more", ""],
  [false, "PROXY ", "forged", ""],
  [false, "PROXX", "plain", ""],
])("behind a proxy (%s) %j is %s", (proxied, text, kind, source) => {
  expect(new ProxyHeader(proxied).offer(Buffer.from(text))).toMatchObject({ kind, source });
});
