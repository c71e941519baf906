/** Seeded worlds around the chat's component, as under wasmtime 36 and 48. */
import fs from "node:fs";
import { describe, expect, test } from "vitest";
import { drawWorld } from "../../host/sim/draw.js";
import { play } from "../../host/sim/play.js";
import { Wasm } from "../../host/wasi/webassembly.js";

const core = new Wasm.Module(fs.readFileSync("build/core/chat.wasm"));
// On a machine that is busy: alone each takes some seconds at most.
const MOST_MS = 120_000;
const WORLDS = 10;

describe.each(["p2-36", "p2-48"] as const)("the shipped component does well as %s", (abi) => {
  test.each([120, 130])(
    `in ${WORLDS} worlds from seed %i`,
    (first) => {
      let messages = 0;
      for (let seed = first; seed < first + WORLDS; seed++) {
        const played = play(drawWorld(seed, { abi }), core);
        expect(played.failure, `seed ${seed}`).toBeUndefined();
        messages += played.messages;
      }
      expect(messages).toBeGreaterThan(1000);
    },
    MOST_MS,
  );

  test("a seed is a world, twice the same", () => {
    const spec = drawWorld(4, { abi });
    expect(play(spec, core)).toEqual(play(spec, core));
    expect(drawWorld(4, { abi })).toEqual(spec);
  });
});

test("the lines of wasmtime are two worlds", () => {
  const hashes = (["p2-36", "p2-48"] as const).map((abi) => play(drawWorld(4, { abi }), core).hash);
  expect(hashes[0]).not.toBe(hashes[1]);
});
