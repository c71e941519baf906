/**
 * A lock between processes: one of them sets up, the others wait and say for whom.
 *
 * Plain JavaScript on node: alone, because scripts/ needs it before anything is installed or built.
 *
 * The lock is a file that names its owner. It appears with its text in it (a hard link of a
 * finished file), so nobody ever reads half an owner. An owner that died without unlocking is
 * recognised by its pid and start time; one on another machine, or in another container, by a
 * heartbeat that is missing. Exactly one process may take such a lock away: the one that
 * manages to create the directory named after the dead owner's token. It reads the lock again
 * before it removes it.
 */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeDirectory } from "./directory.mjs";
import { processStat } from "./process_stat.mjs";

const POLL_INTERVAL_MS = 200;
/**
 * An owner elsewhere (a shared home, a container that has a volume) cannot be asked. It touches its
 * lock; it is gone if we see no touch for so long, or if the last was very long ago.
 */
const HEARTBEAT_INTERVAL_MS = 1_000;
export const HEARTBEAT_MISSING_MS = 6_000;
const HEARTBEAT_OLD_MS = 60_000;
/**
 * Removing a dead owner's lock takes microseconds; a directory this old was left by a process that
 * died at it.
 */
const RECLAIM_ABANDONED_MS = 10_000;

/**
 * `system` is what process numbers are good for: this start of this kernel, and this container.
 * @typedef {{
 *   token: string, pid: number, started: string, machine: string, system?: string
 * }} Owner
 * @typedef {{ onWait?: (owner: Owner) => void, signal?: AbortSignal }} LockOptions
 */

/**
 * Runs `work` while this process alone holds the lock at `file`.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {LockOptions} [options]
 * @returns {Promise<T>}
 */
export async function withLock(file, work, options = {}) {
  const unlock = await lock(file, options);
  try {
    return await work();
  } finally {
    unlock();
  }
}

/**
 * Waits until the lock is ours.
 * @param {string} file
 * @param {LockOptions} [options]
 * @returns {Promise<() => void>} call it to unlock
 */
export async function lock(file, { onWait, signal } = {}) {
  makeDirectory(path.dirname(file));
  const owner = currentOwner();
  const heartbeat = new Heartbeat(file);
  let waitingFor = "";
  while (!tryCreate(file, owner)) {
    const other = readOwner(file);
    if (other === undefined) continue;
    if (isGone(other, owner, heartbeat)) {
      reclaim(file, other);
      continue;
    }
    if (waitingFor !== other.token) {
      waitingFor = other.token;
      onWait?.(other);
    }
    await sleep(POLL_INTERVAL_MS, undefined, signal === undefined ? {} : { signal });
  }
  return held(file, owner);
}

/**
 * Takes the lock if nobody has it, and otherwise says who does. Of an owner elsewhere that takes
 * until its heartbeat is seen or missing.
 * @param {string} file
 * @param {LockOptions} [options] `onWait` is called if it takes so long
 * @returns {Promise<{ unlock: () => void, wasLeft: boolean } | { owner: Owner }>}
 *   `wasLeft`: somebody had it, and died
 */
export async function tryLock(file, { onWait, signal } = {}) {
  const owner = currentOwner();
  const heartbeat = new Heartbeat(file);
  let wasLeft = false;
  let waits = false;
  while (!tryCreate(file, owner)) {
    const other = readOwner(file);
    if (other === undefined) continue;
    if (isGone(other, owner, heartbeat)) {
      wasLeft = true;
      reclaim(file, other);
      continue;
    }
    if (isHere(other, owner) || heartbeat.isSeen) return { owner: other };
    if (!waits) onWait?.(other);
    waits = true;
    await sleep(POLL_INTERVAL_MS, undefined, signal === undefined ? {} : { signal });
  }
  return { unlock: held(file, owner), wasLeft };
}

/**
 * @param {string} file
 * @param {Owner} owner
 * @returns {() => void} unlocks it
 */
function held(file, owner) {
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_INTERVAL_MS);
  heartbeat.unref();
  return () => {
    clearInterval(heartbeat);
    if (readOwner(file)?.token === owner.token) fs.rmSync(file, { force: true });
  };
}

/** @returns {Owner} */
function currentOwner() {
  const pid = process.pid;
  const [started, machine] = [processStart(pid), os.hostname()];
  return { token: randomUUID(), pid, started, machine, system: currentSystem() };
}

/** @returns {string} empty parts where the system does not tell */
function currentSystem() {
  const boot = attempt(() => fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  return `${boot} ${attempt(() => fs.readlinkSync("/proc/self/ns/pid"))}`;
}

/**
 * @param {() => string} read
 * @returns {string}
 */
function attempt(read) {
  try {
    return read();
  } catch {
    return "";
  }
}

/**
 * @param {string} file
 * @param {Owner} owner
 * @returns {boolean} false when somebody else has it
 */
function tryCreate(file, owner) {
  const draft = `${file}.${owner.token}`;
  fs.writeFileSync(draft, JSON.stringify(owner));
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {Owner | undefined} undefined when nobody has it
 */
function readOwner(file) {
  try {
    return /** @type {Owner} */ (JSON.parse(fs.readFileSync(file, "utf8")));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (error instanceof SyntaxError)
      return { token: "unreadable", pid: 0, started: "", machine: "" };
    throw error;
  }
}

/**
 * @param {Owner} owner
 * @param {Owner} self this process
 * @param {Heartbeat} heartbeat
 */
function isGone(owner, self, heartbeat) {
  if (owner.token === "unreadable") return true;
  if (!isHere(owner, self)) return heartbeat.isMissing(owner);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return true;
  }
  return owner.started !== "" && processStart(owner.pid) !== owner.started;
}

/**
 * Whether its process number means something to us.
 * @param {Owner} owner
 * @param {Owner} self this process
 */
function isHere(owner, self) {
  return owner.machine === self.machine && owner.system === self.system;
}

/** Watches how the owner of a lock touches it. Clocks of two machines may differ: ours counts. */
class Heartbeat {
  /** A touch has been seen: the owner lives. */
  isSeen = false;
  #token = "";
  #touched = 0;
  #since = 0;

  /** @param {string} file */
  constructor(file) {
    this.file = file;
  }

  /** @param {Owner} owner */
  isMissing({ token }) {
    const { mtimeMs = 0 } = fs.statSync(this.file, { throwIfNoEntry: false }) ?? {};
    if (token !== this.#token) {
      this.#token = token;
      this.isSeen = false;
      this.#since = performance.now();
    } else if (mtimeMs !== this.#touched) {
      this.isSeen = true;
      this.#since = performance.now();
    }
    this.#touched = mtimeMs;
    const isOld = !this.isSeen && ageMs(this.file) > HEARTBEAT_OLD_MS;
    return isOld || performance.now() - this.#since > HEARTBEAT_MISSING_MS;
  }
}

/**
 * @param {string} file
 * @param {Owner} gone
 */
function reclaim(file, gone) {
  const claim = `${file}.${gone.token}.reclaim`;
  try {
    fs.mkdirSync(claim);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    if (ageMs(claim) > RECLAIM_ABANDONED_MS) fs.rmSync(claim, { recursive: true, force: true });
    return;
  }
  if (readOwner(file)?.token === gone.token) fs.rmSync(file, { force: true });
  fs.rmdirSync(claim);
}

/**
 * When a process started, in the kernel's own words, so that a reused pid is not taken for its
 * owner.
 * @param {number} pid
 * @returns {string} empty where /proc is not there to tell
 */
function processStart(pid) {
  try {
    return processStat(pid)[19] ?? "";
  } catch {
    return "";
  }
}

/** @param {string} file */
function touch(file) {
  const now = new Date();
  try {
    fs.utimesSync(file, now, now);
  } catch {
    // The file system is being cleared away under us; unlocking will notice.
  }
}

/** @param {string} file */
function ageMs(file) {
  try {
    return Date.now() - fs.statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
