/** Worlds whose clients speak IRC: invariants of what each client hears hold, and notice faults. */
import { describe, expect, test } from "vitest";
import { drawWorld } from "../../../lab/sim/draw.js";
import { OracleFailure } from "../../../lab/sim/failure.js";
import { IrcClient } from "../../../lab/sim/irc/client.js";
import { parseLine } from "../../../lab/sim/irc/grammar.js";
import { Messages } from "../../../lab/sim/irc/hearing.js";
import { play } from "../../../lab/sim/play.js";
import type { Abi } from "../../../lab/sim/spec.js";
import { specFromJson, specToJson } from "../../../lab/sim/spec_file.js";
import { probed, probedCore } from "./support/probed.js";

// On a machine that is busy: alone each takes some seconds at most.
const MOST_MS = 120_000;
const irc = "all" as const;
const WELCOME = ":irc.pollcast 001 ann :Welcome";
const JOINED = [WELCOME, ":ann!~a@h JOIN #tea", ":irc.pollcast 353 ann = #tea :@ann bea"];
const LISTED = [...JOINED, ":irc.pollcast 366 ann #tea :End"];

/** Returns the failure of a client that hears these lines, and writes those that begin with >. */
function hears(lines: readonly string[], capabilities = ""): string {
  const client = new IrcClient("client 1", new Messages().hearing(1, "client 1"));
  for (const one of capabilities.split(" ")) client.capabilities.add(one);
  try {
    for (const line of lines) {
      if (line.startsWith(">")) client.wrote(Buffer.from(`${line.slice(1)}\r\n`));
      else client.hear(Buffer.from(`${line}\r\n`));
    }
    client.checkAtRest();
  } catch (error) {
    if (error instanceof OracleFailure) return error.message;
    throw error;
  }
  return "";
}

function parsed(line: string): string {
  try {
    return JSON.stringify([parseLine(Buffer.from(line, "latin1")).parameters]);
  } catch (error) {
    return (error as Error).message;
  }
}

describe("the grammar", () => {
  test.each([
    ["PING :a b\r", '[["a b"]]'],
    ["@time=x;+a/b=\\s :irc.pollcast 001 ann :\r", '[["ann",""]]'],
    ["PING a", "LF without CR"],
    ["PING a\0\r", "a forbidden byte"],
    ["PING \xff\r", "bytes that are not UTF-8"],
    [`PING ${"x".repeat(505)}\r`, `[["${"x".repeat(505)}"]]`],
    [`PING ${"x".repeat(506)}\r`, "more than 512 bytes"],
    ["@a;a PING x\r", "a malformed tag"],
    ["@a=\\ PING x\r", "a malformed tag"],
    [":ann!a PING x\r", "a malformed source"],
    ["PING  x\r", "two spaces"],
    ["PING x \r", "two spaces"],
    ["ping x\r", "a malformed command"],
  ])("%j", (line, expected) => {
    expect(parsed(line).startsWith(expected)).toBe(true);
  });
});

describe("a client notices", () => {
  test.each([
    ["nothing wrong", [...LISTED, ":bea!~b@h PART #tea :bye"], "", ""],
    ["a list without an end", JOINED, "", "no 366 for #tea"],
    [
      "a user that quits twice",
      [...LISTED, ":bea!b@h QUIT :x", ":bea!b@h QUIT :x"],
      "",
      "QUIT of bea",
    ],
    [
      "a user renamed twice",
      [...LISTED, ":bea!b@h NICK bo", ":bea!b@h NICK bo"],
      "",
      "NICK of bea",
    ],
    [
      "a user with two hosts",
      [...LISTED, ":bea!b@h NICK c", ":c!b@x PART #tea"],
      "",
      "is known as",
    ],
    ["another list", [...LISTED, ":x!x@h JOIN #tea", ...LISTED.slice(2)], "", "others are known"],
    ["a tag not asked for", [`@time=x ${WELCOME}`], "", "the tag time without server-time"],
    [
      "a label of no line",
      [`@label=x ${WELCOME}`],
      "labeled-response",
      "has the label x of no line",
    ],
    ["a batch without an end", [":irc.pollcast BATCH +1 x"], "batch", "a batch has no end"],
    ["a line after the last", ["ERROR :bye", WELCOME], "", "a line after ERROR"],
    ["a numeric for another", [WELCOME, ":irc.pollcast 422 bea :No"], "", "422 is for bea"],
    ["a name that is there", [...LISTED, ":bea!b@h NICK ann"], "", "ann is there already"],
  ])("%s", (_name, lines, capabilities, expected) => {
    const failure = hears(lines, capabilities);
    if (expected === "") expect(failure).toBe("");
    else expect(failure).toContain(expected);
  });

  test("an echo that it has not asked for", () => {
    const message = "PRIVMSG #tea :~1.1~ hello";
    const lines = [...LISTED, `>${message}`, `:ann!~a@h ${message}`];
    expect(hears(lines)).toContain("an echo");
    expect(hears(lines, "echo-message")).toBe("");
  });

  test("a labelled line without an answer, or with two", () => {
    const asked = [WELCOME, ">@label=a PING x"];
    const pong = "@label=a :irc.pollcast PONG irc.pollcast :x";
    expect(hears([...asked, pong], "labeled-response")).toBe("");
    expect(hears(asked, "labeled-response")).toContain("was never answered");
    expect(hears([...asked, pong, pong], "labeled-response")).toContain("answered again");
  });
});

describe("what several clients hear", () => {
  /** Returns the failure after two clients have heard these messages. */
  function both(one: readonly number[], other: readonly number[]): string {
    const messages = new Messages();
    for (const [client, ids] of [one, other].entries()) {
      const hearing = messages.hearing(client, `client ${client}`);
      hearing.joins("tea");
      for (const id of ids) hearing.heard("tea", `9.${id}`, `7-${id}`);
    }
    try {
      messages.check(true);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  }

  test("is the same from where each begins, in order, to the end", () => {
    expect(both([1, 2, 3], [2, 3])).toBe("");
    expect(both([1, 2, 3], [1, 3])).toContain("client 1 never hears 9.2");
    expect(both([1, 2, 3], [2])).toContain("client 1 never hears 9.3");
    expect(both([1, 2, 3], [2, 3, 1])).toContain("out of order");
  });
});

describe("the shipped chat does well", () => {
  test.each<[Abi, number, number]>([
    ["p1", 1, 8],
    ["p3", 9, 12],
  ])(
    "in worlds of %s from seed %i to %i",
    (abi, first, last) => {
      let deliveries = 0;
      for (let seed = first; seed <= last; seed++) {
        const played = play(drawWorld(seed, { irc, abi }), abi === "p1" ? probed : probedCore);
        expect(played.failure, `seed ${seed}`).toBeUndefined();
        deliveries += played.deliveries;
      }
      expect(deliveries).toBeGreaterThan(300);
    },
    MOST_MS,
  );

  test("twice in the same way, and from a file", () => {
    const spec = drawWorld(2, { irc });
    const played = play(spec, probed);
    expect(play(specFromJson(specToJson(spec)), probed)).toEqual(played);
    expect(drawWorld(2, { irc: "half" })).toEqual(spec);
    expect(drawWorld(3, { irc: "half" })).toEqual(drawWorld(3));
  });
});
