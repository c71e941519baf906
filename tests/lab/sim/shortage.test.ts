/**
 * Worlds with scarce memory: clients that read miss nothing, and the clients that hold the most are
 * closed.
 */
import { expect, test } from "vitest";
import { playShortage } from "../../../lab/sim/shortage.js";
import { shipped } from "./support/probed.js";

test("when memory is short, those go who hold most of it", { timeout: 120_000 }, () => {
  const all = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => playShortage(seed, shipped));
  for (const { failure } of all) expect(failure).toBeUndefined();
  expect(all.reduce((sum, { closed }) => sum + closed, 0)).toBeGreaterThan(10);
  expect(playShortage(3, shipped)).toEqual(all[2]);
});
