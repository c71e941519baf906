/**
 * A short siege: the honest clients receive each other's messages, and each kind of attacker meets
 * its limit.
 */
import { expect, test } from "vitest";
import { SHORT } from "../../../lab/siege/plan.js";
import { failuresOf, reportOf } from "../../../lab/siege/report.js";
import { siege } from "../../../lab/siege/run.js";
import { wasmtimePath } from "../../support/wasmtime.js";

/** It lasts nearly twenty seconds by itself, and longer on a busy machine. */
const SIEGE_WAIT_MS = 90_000;

test(
  "honest people stand a siege, and everybody else gets a reason",
  async () => {
    const report = await siege({ runtime: "wasmtime", ...SHORT }, wasmtimePath());
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
    // Requests for much cost as much as a flood. The clients that ask for it are closed, too.
    const askers = SHORT.slowConsumers / 2;
    const closed = (report.closed.get("flood") ?? 0) + (report.closed.get("too slow") ?? 0);
    expect(closed, shown).toBe(SHORT.flooders + 1 + askers);
  },
  SIEGE_WAIT_MS,
);
