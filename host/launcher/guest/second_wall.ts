/**
 * A second layer of protection around the guest, in case it ever escapes from its sandbox. On Linux
 * with setpriv, no program that it starts can gain rights (no_new_privs). On the Node runtime,
 * Node's permission model lets it read only the files that it needs, and start no program.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** The paths of setpriv. PATH is not searched, since the program must be the system's own. */
const SETPRIV = ["/usr/bin/setpriv", "/bin/setpriv"];
const NO_NEW_PRIVS = "--no-new-privs";
const TRIAL_MS = 5_000;

let wall: readonly string[] | undefined;

/**
 * Returns the command with setpriv in front of it, if the machine has setpriv. setpriv becomes the
 * command by exec, so the pid stays the same.
 */
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

/**
 * The flag of Node's permission model. Node 20 has another flag, which is not used, since Node 20
 * crashes on some paths with it.
 */
const PERMISSION = "--permission";
/** The flag that allows sockets. A version of Node that lacks the flag forbids no sockets. */
const NETWORK = "--allow-net";
const SILENT = ["--disable-warning=SecurityWarning", "--disable-warning=ExperimentalWarning"];

/**
 * Returns the flags that restrict the Node runtime. Do not use these flags for a server with
 * `--data`: they make Node refuse to sync files.
 *
 * @param readable files that it may read, and directories with all that is below
 * @returns no flags if this Node has no permission model, or cannot express these paths
 */
export function nodeWall(readable: readonly string[]): string[] {
  const known = process.allowedNodeEnvironmentFlags;
  if (!known.has(PERMISSION) || readable.some((place) => /[,*]/.test(place))) return [];
  const places = readable.flatMap(withAllBelow).map((place) => `--allow-fs-read=${place}`);
  const network = known.has(NETWORK) ? [NETWORK] : [];
  return [PERMISSION, "--allow-worker", ...network, ...places, ...SILENT];
}

/** Returns a path and all below it, also by the path without symbolic links. */
function withAllBelow(place: string): string[] {
  const real = fs.existsSync(place) ? fs.realpathSync(place) : place;
  return [...new Set([place, real])].flatMap((name) => [name, path.join(name, "*")]);
}
