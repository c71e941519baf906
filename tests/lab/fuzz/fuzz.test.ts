/**
 * The fuzzer: it sees which edges the chat takes, finds planted bugs, and gives the same result
 * twice.
 */
import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { inputsIn, main } from "../../../lab/fuzz/command.js";
import * as edges from "../../../lab/fuzz/edges.js";
import { Fuzzer } from "../../../lab/fuzz/fuzzer.js";
import { worldOf } from "../../../lab/fuzz/world_of.js";
import { drawWorld } from "../../../lab/sim/draw.js";
import { play } from "../../../lab/sim/play.js";
import { countingChat } from "../../../lab/fuzz/counting_chat.mjs";
import type { Planted } from "../../../lab/sim/changed_chat.mjs";
import { probed } from "../sim/support/probed.js";
import { temporaryDirectory } from "../../support/temporary.js";

const CORPUS = "tests/lab/fuzz/corpus";
const CORPUS_BYTES_MOST = 200 * 1024;
/**
 * The least share of all edges; others belong to options, the machine channel, broken disks, other
 * hosts.
 */
const SHARE_LEAST = 0.65;
const MOST_MS = 120_000;

/** A planted bug: a line that is one byte too long may wait forever, without a message. */
const SILENCE: Planted = {
  file: "net/framing/line_reader.ts",
  from: "this.partLength + length <= this.limit)",
  to: "this.partLength + length <= this.limit + 1)",
};
const EXECUTIONS_MOST = 2000;

let chat: edges.Counting;
let silent: edges.Counting;
beforeAll(async () => {
  chat = await countingChat(edges);
  silent = await countingChat(edges, SILENCE);
}, MOST_MS);

test("the counters change nothing", () => {
  const module = new WebAssembly.Module(Uint8Array.from(chat.module));
  for (const seed of [1, 2, 3]) {
    const world = drawWorld(seed);
    expect(play(world, module)).toEqual(play(world, probed));
  }
});

test("any bytes are a world", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const { events, calmAt } = worldOf(bytes);
      const times: number[] = events.map(({ at }) => at);
      expect(times).toEqual([...times].sort((one, two) => one - two));
      expect(calmAt).toBeGreaterThan(Math.max(0, ...times));
    }),
    { seed: 1 },
  );
});

describe("the corpus", () => {
  test("does no harm, and goes through most of the chat", { timeout: MOST_MS }, () => {
    const fuzzer = new Fuzzer({ counting: chat, seed: 1 });
    for (const input of inputsIn(CORPUS)) expect(fuzzer.start(input)).toBeUndefined();
    expect(fuzzer.corpus.edges / fuzzer.edgesTotal).toBeGreaterThan(SHARE_LEAST);
  });

  test("is small", () => {
    const bytes = inputsIn(CORPUS).reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThan(CORPUS_BYTES_MOST);
  });
});

test("the same seed is the same run", { timeout: MOST_MS }, () => {
  const run = () => {
    const fuzzer = new Fuzzer({ counting: chat, seed: 7 });
    while (fuzzer.executions < 100) expect(fuzzer.step()).toBeUndefined();
    return fuzzer.corpus.kept.map(({ input }) => Buffer.from(input).toString("hex"));
  };
  const kept = run();
  expect(kept.length).toBeGreaterThan(5);
  expect(run()).toEqual(kept);
});

test("a mistake is found from nothing, and replayed", { timeout: MOST_MS }, async () => {
  const fuzzer = new Fuzzer({ counting: silent, seed: 2 });
  let found = fuzzer.step();
  while (found === undefined && fuzzer.executions < EXECUTIONS_MOST) found = fuzzer.step();
  // A wait for it shows that nothing comes, and so does a line that is left over while the module
  // waits; and what comes next instead is something else.
  expect(["liveness", "starved", "bytes", "limit"]).toContain(found?.failure.oracle);

  const file = path.join(temporaryDirectory(), "found");
  fs.writeFileSync(file, found?.input ?? "");
  const places = { corpus: CORPUS, failures: path.dirname(file) };
  const replay = async (counting: edges.Counting) =>
    main(["--replay", file], places, () => Promise.resolve(counting));
  expect(await replay(silent)).toBe(1);
  expect(await replay(chat)).toBe(0);
});
