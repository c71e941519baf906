/** Launches guests from the compiled module if possible, and corrects a component's exit code. */
import { EXIT } from "../base/errors.js";
import { launchGuest, type Guest, type LaunchOptions } from "../guest/launch.js";
import { EARLY_DEATH_MS } from "./restart.js";
import type { Precompiled } from "../wasmtime/precompile.js";

/**
 * Returns a function that launches guests. It uses the compiled module while that works.
 *
 * A component reports each failure with exit code 1. If it ends so before any guest has served
 * (wrong options, a port in use), a restart is useless, so the code becomes EXIT.unavailable. After
 * a guest has served, a restart may help.
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
