/** Waits for what one action makes several users see. */
import { until } from "../../support/wait.js";

/** A user, or its program, whose display a test reads. */
export interface Viewer {
  readonly name: string;
  /** Returns everything that it has displayed so far. */
  text(): string;
}

/** A viewer, and what it has to display. */
export type Expectation = readonly [Viewer, string | RegExp];

/**
 * Acts, and waits until each viewer displays its pattern once more than before.
 *
 * @throws {Error} if one of them does not
 */
export async function step(act: () => void, ...expected: Expectation[]): Promise<void> {
  const before = expected.map(([viewer, pattern]) => countOf(viewer, pattern));
  act();
  for (const [at, [viewer, pattern]] of expected.entries()) {
    const look = (): boolean => countOf(viewer, pattern) > (before[at] ?? 0);
    await until(`${viewer.name} sees ${String(pattern)}`, look).catch((error: unknown) => {
      throw new Error(`${String(error)}; it has seen: ${viewer.text().slice(-3_000)}`);
    });
  }
}

function countOf(viewer: Viewer, pattern: string | RegExp): number {
  if (typeof pattern === "string") return viewer.text().split(pattern).length - 1;
  const every = new RegExp(pattern.source, `${pattern.flags}g`);
  return viewer.text().match(every)?.length ?? 0;
}
