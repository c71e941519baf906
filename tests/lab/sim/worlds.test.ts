/**
 * Seeded worlds around the shipped chat: a fixed set of them, and each gives the same result twice.
 */
import { describe, expect, test } from "vitest";
import { drawWorld } from "../../../lab/sim/draw.js";
import { play } from "../../../lab/sim/play.js";
import { shrink } from "../../../lab/sim/shrink.js";
import { REGRESSIONS } from "./regressions.js";
import { probed } from "./support/probed.js";
import { tampered } from "./support/tampered.js";

// On a machine that is busy: alone each takes some seconds at most.
const MOST_MS = 120_000;

describe("the shipped chat does well", () => {
  test.each([1000, 1010, 1020])(
    "in ten worlds from seed %i",
    (first) => {
      const left: string[] = [];
      for (let seed = first; seed < first + 10; seed++) {
        const { failure, undecided } = play(drawWorld(seed), probed);
        expect(failure, `seed ${seed}`).toBeUndefined();
        if (undecided !== undefined) left.push(undecided);
      }
      // Random bytes may have formed a name with letters that the model does not know.
      expect(left.length).toBeLessThan(2);
    },
    MOST_MS,
  );

  test.each(["exact", "wasmtime-36"] as const)("in a world that is %s", (dialect) => {
    const { failure, messages } = play(drawWorld(4, { dialect, faults: [], plain: true }), probed);
    expect(failure).toBeUndefined();
    expect(messages).toBeGreaterThan(100);
  });
});

describe("what was found once is not there again", () => {
  test.each(REGRESSIONS)(
    "$name ($found)",
    ({ spec }) => {
      expect(play(spec, probed).failure).toBeUndefined();
    },
    MOST_MS,
  );
});

describe("a seed is a world", () => {
  test("twice the same", () => {
    for (const seed of [4, 9, 22]) {
      expect(play(drawWorld(seed), probed)).toEqual(play(drawWorld(seed), probed));
      expect(drawWorld(seed)).toEqual(drawWorld(seed));
    }
  });

  test("another than the next", () => {
    expect(play(drawWorld(4), probed).hash).not.toBe(play(drawWorld(5), probed).hash);
  });
});

describe("a module that is not as it should be is caught", () => {
  test.each([
    ["goodbye", "goodbyf", "bytes"],
    ["client-", "klient-", "log"],
    [" joined (", " joinee (", "log"],
  ])("%j becomes %j", (text, other, oracle) => {
    const module = tampered(text, other);
    const failing = [...Array(40).keys()].find((seed) => {
      const { failure } = play(drawWorld(seed), module);
      return failure?.oracle === oracle;
    });
    expect(failing).toBeDefined();
  });

  test(
    "and its world shrinks, the same way each time",
    () => {
      const module = tampered("goodbye", "goodbyf");
      const plain = { plain: true };
      const seed = [...Array(40).keys()].find((one) => play(drawWorld(one, plain), module).failure);
      if (seed === undefined) throw new Error("nobody said goodbye");
      const spec = drawWorld(seed, plain);
      const small = shrink(spec, "bytes", module);
      expect(small.events.length).toBeLessThan(6);
      expect(play(small, module).failure?.oracle).toBe("bytes");
      expect(shrink(spec, "bytes", module)).toEqual(small);
    },
    MOST_MS,
  );
});
