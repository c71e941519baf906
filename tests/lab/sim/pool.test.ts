/**
 * Worlds on several threads: they are reported in the order of their seeds, with any number of
 * threads.
 */
import { describe, expect, test } from "vitest";
import type { WorldResult } from "../../../lab/sim/pool.js";
import { inRoot } from "../../../scripts/lib/root.mjs";
import { probed } from "./support/probed.js";
import { tampered } from "./support/tampered.js";

// As built: a thread cannot be started from its source.
const { playAll } = (await import(
  inRoot("dist/lab/sim/pool.js")
)) as typeof import("../../../lab/sim/pool.js");

// On a machine that is busy: alone it takes some seconds.
const MOST_MS = 120_000;

async function worlds(
  module: object,
  jobs: number,
): Promise<{ results: WorldResult[]; failed: number | undefined }> {
  const results: WorldResult[] = [];
  // Long worlds and short ones, so that a thread overtakes the other.
  const from = { firstSeed: 14, worlds: 7, draw: {}, trace: undefined };
  const failed = await playAll({ module, jobs, ...from }, (one) => results.push(one));
  return { results, failed };
}

describe("worlds on threads", () => {
  test("are told of in their order, with the same result", { timeout: MOST_MS }, async () => {
    const alone = await worlds(probed, 1);
    expect(alone.results).toHaveLength(7);
    expect(await worlds(probed, 3)).toEqual(alone);
  });

  test("end with the first that fails, whoever finds one first", { timeout: MOST_MS }, async () => {
    const module = tampered("goodbye", "goodbyf");
    const alone = await worlds(module, 1);
    expect(alone.failed).toBeDefined();
    expect(await worlds(module, 3)).toEqual(alone);
  });

  test("name the seed of a world that hangs", { timeout: MOST_MS }, async () => {
    // No world is as short as this: to the pool, all of them hang.
    const from = { firstSeed: 14, worlds: 7, draw: {}, trace: undefined, worldMostMs: 1 };
    const played = playAll({ module: probed, jobs: 2, ...from }, () => undefined);
    await expect(played).rejects.toThrow(/^seed 1[45]: the world has not ended within 0.001 s/);
  });
});
