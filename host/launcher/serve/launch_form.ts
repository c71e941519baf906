/** Launches a module or a component in the form that starts soonest, and says how it gave up. */
import { EXIT } from "../base/errors.js";
import { launchGuest, type Guest, type LaunchOptions } from "../guest/launch.js";
import { EARLY_DEATH_MS } from "./restart.js";
import type { Precompiled } from "../wasmtime/precompile.js";

/**
 * Launches the compiled form for as long as that does.
 *
 * A component that gives up can say so with the code 1 alone, whether its options are wrong or its
 * port is taken. If the first one says it, so would the next; later, it may be different the next
 * time.
 */
export function launcherOf(
  precompiled: Precompiled | undefined,
  isComponent: boolean,
): (options: LaunchOptions) => Guest {
  let hasServed = false;
  return (options) => {
    const compiled = precompiled?.usablePath();
    const startedAt = performance.now();
    const guest = launchGuest({ ...options, compiled });
    const exited = guest.exited.then((exit) => {
      if (compiled !== undefined) precompiled?.onExit(exit.code);
      hasServed ||= performance.now() - startedAt >= EARLY_DEATH_MS;
      const gaveUp = isComponent && compiled === undefined && !hasServed && exit.code === 1;
      return gaveUp ? { ...exit, code: EXIT.unavailable } : exit;
    });
    return { ...guest, exited };
  };
}
