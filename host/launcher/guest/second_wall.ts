/**
 * A second wall around the guest, for the case that it ever gets out of its sandbox. Where the
 * system has it, no program that it starts can have more rights than it has itself (no_new_privs).
 * Where Node is the runtime, Node lets it read and write the files that it needs, and start none.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

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

/** Node's own. The experimental one of Node 20 is none: it crashes over the names of some paths. */
const PERMISSION = "--permission";
/** Known to those Nodes alone that otherwise would not let it listen. */
const NETWORK = "--allow-net";
const SILENT = ["--disable-warning=SecurityWarning", "--disable-warning=ExperimentalWarning"];

/**
 * Flags for a Node that is to be the runtime. None for one that keeps a chat on a disk: behind this
 * wall, Node refuses to sync a file.
 *
 * @param readable files that it reads, and directories with all that is below
 * @returns none where this Node has no such wall, or cannot be told these names
 */
export function nodeWall(readable: readonly string[]): string[] {
  const known = process.allowedNodeEnvironmentFlags;
  if (!known.has(PERMISSION) || readable.some((place) => /[,*]/.test(place))) return [];
  const places = readable.flatMap(withAllBelow).map((place) => `--allow-fs-read=${place}`);
  const network = known.has(NETWORK) ? [NETWORK] : [];
  return [PERMISSION, "--allow-worker", ...network, ...places, ...SILENT];
}

/** Under the name that it has, and under the one that it has without symbolic links. */
function withAllBelow(place: string): string[] {
  const real = fs.existsSync(place) ? fs.realpathSync(place) : place;
  return [...new Set([place, real])].flatMap((name) => [name, path.join(name, "*")]);
}
