/** Scripts of runs as links. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CLIENTS_MOST,
  clientsOf,
  LINK_CHARACTERS,
  linkOf,
  scriptOf,
  TIME_MOST,
  type Deed,
  type Script,
} from "../../../lab/explore/script.js";

const deeds: Deed[] = ["connect", "write", "end", "pause", "resume", "console"];

test("any script comes back from its link", () => {
  const act = fc.record({
    at: fc.nat(TIME_MOST),
    does: fc.constantFrom(...deeds),
    client: fc.nat(CLIENTS_MOST - 1),
    text: fc.string({ unit: "grapheme", maxLength: 20 }),
  });
  const script: fc.Arbitrary<Script> = fc.record({
    program: fc.constantFrom("echo", "chat_v1"),
    words: fc.constantFrom([], ["blocking"]),
    host: fc.constantFrom("exact", "wasmtime-36"),
    acts: fc
      .array(act, { maxLength: 20 })
      .map((acts) => acts.sort((one, other) => one.at - other.at)),
  });
  fc.assert(
    fc.property(script, (one) => {
      expect(scriptOf(linkOf(one))).toEqual(one);
    }),
  );
});

test("an address with the link in it is a link", () => {
  const link = "io_models:blocking@wasmtime-36,1000c0,2000w0hi%0A";
  expect(linkOf(scriptOf(`https://example.org/a/#run=${link}`))).toBe(link);
  expect(clientsOf(scriptOf(link))).toBe(1);
});

test.each([
  ["", 'the link begins with no program: ""'],
  ["Echo", 'the link begins with no program: "Echo"'],
  ["echo@vms", 'there is no host "vms", there are exact, wasmtime-36'],
  ["echo,abc", 'act 1 of the link, "abc": an act is a time, a letter and a client, as in 1000c0'],
  ["echo,1c0,5z0", 'act 2 of the link, "5z0": there is no act z'],
  [`echo,${TIME_MOST + 1}c0`, "a time is at most 60000000 microseconds"],
  [`echo,1c${CLIENTS_MOST}`, "a client is at most 63"],
  ["echo,1w0%zz", "its text is not percent-encoded UTF-8"],
  ["e".repeat(LINK_CHARACTERS + 1), `at most ${LINK_CHARACTERS} go`],
])("%j is refused in words", (link, words) => {
  expect(() => scriptOf(link)).toThrow(words);
});

test("what is at a bound is taken", () => {
  expect(scriptOf(`echo,${TIME_MOST}c${CLIENTS_MOST - 1}`).acts).toHaveLength(1);
  expect(scriptOf(`echo,1w0${"a".repeat(LINK_CHARACTERS - 8)}`).acts).toHaveLength(1);
});
