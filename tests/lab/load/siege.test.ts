/**
 * A short siege: the honest clients receive each other's messages, and each kind of attacker meets
 * its limit.
 */
import { expect, test } from "vitest";
import { ATTACKS } from "../../../lab/siege/attacks.js";
import { SHORT } from "../../../lab/siege/plan.js";
import { failuresOf, reportOf } from "../../../lab/siege/report.js";
import { siege } from "../../../lab/siege/run.js";
import { wasmtimePath } from "../../support/wasmtime.js";

/** It lasts nearly twenty seconds by itself, and longer on a busy machine. */
const SIEGE_WAIT_MS = 90_000;

test(
  "honest people stand a siege, and everybody else gets a reason",
  async () => {
    const attacks = Object.keys(ATTACKS);
    const report = await siege({ runtime: "wasmtime", attacks, ...SHORT }, wasmtimePath());
    const shown = reportOf(report);
    expect(failuresOf(report), shown).toEqual([]);
    const [flood, slowConsumers, endless, halfOpen] = report.outcomes.map(({ fates }) => fates);
    const flooded = "you have been sending too much for too long";
    expect(flood, shown).toEqual({ [flooded]: SHORT.flooders });
    expect(endless, shown).toEqual({ [flooded]: 1 });
    expect(Object.values(slowConsumers ?? {}).reduce((sum, count) => sum + count, 0)).toBe(
      SHORT.slowConsumers,
    );
    expect(halfOpen?.["you have not said anything in time"] ?? 0, shown).toBeGreaterThan(0);
    // Long lines, requests for much and new rooms cost as much as a flood.
    const kinds = ["ask for /rooms again and again", "create rooms", "paste 4 KB lines"];
    for (const kind of kinds) {
      const found = report.outcomes.find((one) => one.kind === `${SHORT.vandals} ${kind}`);
      expect(found?.fates["still connected"] ?? 0, shown).toBe(0);
    }
  },
  SIEGE_WAIT_MS,
);
