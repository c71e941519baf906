import { expect, test } from "vitest";
import {
  BACKOFF_FIRST_MS,
  BACKOFF_MAX_MS,
  EARLY_DEATH_MS,
  EARLY_DEATHS_MAX,
  RestartPolicy,
  SERVED_BACKOFF_MAX_MS,
} from "../../host/launcher/serve/restart.js";

function decisions(count: number, uptimeMs: number): unknown[] {
  const policy = new RestartPolicy();
  return Array.from({ length: count }, () => policy.died(uptimeMs));
}

test("the first death is followed by a restart at once, further ones by ever longer waits", () => {
  expect(decisions(4, 10)).toEqual([
    { restartInMs: 0 },
    { restartInMs: BACKOFF_FIRST_MS },
    { restartInMs: 2 * BACKOFF_FIRST_MS },
    { restartInMs: 4 * BACKOFF_FIRST_MS },
  ]);
});

test("no wait is longer than the longest", () => {
  const waits = decisions(EARLY_DEATHS_MAX - 1, 10).map(
    (decision) => (decision as { restartInMs: number }).restartInMs,
  );
  expect(Math.max(...waits)).toBeLessThanOrEqual(BACKOFF_MAX_MS);
});

test("it gives up at the last allowed early death, not one before", () => {
  const all = decisions(EARLY_DEATHS_MAX, EARLY_DEATH_MS - 1);
  expect(all.indexOf("give up")).toBe(EARLY_DEATHS_MAX - 1);
});

test("a guest that served for a while is restarted at once, however often it dies", () => {
  const all = decisions(3 * EARLY_DEATHS_MAX, EARLY_DEATH_MS);
  expect(all).toEqual(all.map(() => ({ restartInMs: 0 })));
});

test("a long life makes up for early deaths before it", () => {
  const policy = new RestartPolicy();
  for (let death = 1; death < EARLY_DEATHS_MAX; death++) policy.died(0);
  policy.died(EARLY_DEATH_MS);
  expect(policy.died(0)).toEqual({ restartInMs: 0 });
});

test("one that has served is never given up: it waits longer, up to the longest wait", () => {
  const policy = new RestartPolicy();
  policy.died(EARLY_DEATH_MS);
  const waits = Array.from({ length: 5 * EARLY_DEATHS_MAX }, () => policy.died(0));
  expect(waits).not.toContain("give up");
  expect(waits[EARLY_DEATHS_MAX - 1]).toEqual({
    restartInMs: BACKOFF_FIRST_MS * 2 ** (EARLY_DEATHS_MAX - 2),
  });
  expect(waits.at(-1)).toEqual({ restartInMs: SERVED_BACKOFF_MAX_MS });
});
