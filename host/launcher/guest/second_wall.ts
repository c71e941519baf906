/**
 * A second wall around the guest, where the system has one: should it ever get out of its sandbox,
 * no program that it starts can have more rights than it has itself (no_new_privs).
 */
import { spawnSync } from "node:child_process";

/** Not looked for on the PATH: what is put around the guest is the system's. */
const SETPRIV = ["/usr/bin/setpriv", "/bin/setpriv"];
const NO_NEW_PRIVS = "--no-new-privs";
const TRIAL_MS = 5_000;

let wall: readonly string[] | undefined;

/** @returns the command that starts the same within the wall; it becomes it, and keeps its pid */
export function walled(command: readonly string[]): readonly string[] {
  wall ??= findWall();
  return [...wall, ...command];
}

function findWall(): readonly string[] {
  for (const program of SETPRIV) {
    const trial = spawnSync(program, [NO_NEW_PRIVS, "/bin/sh", "-c", ":"], { timeout: TRIAL_MS });
    if (trial.status === 0) return [program, NO_NEW_PRIVS];
  }
  return [];
}
