/**
 * A lock between processes. One process does the work; the others wait, and can report the owner.
 *
 * Plain JavaScript that imports only node: modules and this folder, because scripts/ needs it
 * before anything is installed or built.
 *
 * The lock is a file with its owner as JSON. It is a hard link to a complete file, so no reader
 * sees half an owner. A dead owner is recognised by pid and start time, or, on another machine or
 * in another container, by a missing heartbeat. Exactly one process may remove a dead owner's lock:
 * the one that creates the directory named after the owner's token. It then reads the lock again.
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
 * The process of an owner on another machine or in another container cannot be checked. So each
 * owner touches its lock at this interval. It is dead if no touch was seen for
 * HEARTBEAT_MISSING_MS, or if the last one is older than HEARTBEAT_OLD_MS when the watching begins.
 */
const HEARTBEAT_INTERVAL_MS = 1_000;
export const HEARTBEAT_MISSING_MS = 6_000;
const HEARTBEAT_OLD_MS = 60_000;
/** The age of a reclaim directory whose process has died. A reclaim takes microseconds. */
const RECLAIM_ABANDONED_MS = 10_000;

/**
 * The owner of a lock. A pid has a meaning only on the same `system`: the same boot of the kernel
 * and the same pid namespace.
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
 * Takes the lock; waits while another process has it.
 * @param {string} file
 * @param {LockOptions} [options]
 * @returns {Promise<() => void>} a function that unlocks
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
 * Takes the lock if it is free, else returns its owner. For an owner on another system, this waits
 * until a heartbeat is seen or missing.
 * @param {string} file
 * @param {LockOptions} [options] `onWait` is called once if it has to wait
 * @returns {Promise<{ unlock: () => void, wasLeft: boolean } | { owner: Owner }>}
 *   `wasLeft` is true if a dead owner's lock was removed
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
 * Keeps the heartbeat going.
 * @param {string} file
 * @param {Owner} owner
 * @returns {() => void} a function that unlocks
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

/** @returns {string} boot id and pid namespace; each is empty if unknown, as on macOS */
function currentSystem() {
  const boot = attempt(() => fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  return `${boot} ${attempt(() => fs.readlinkSync("/proc/self/ns/pid"))}`;
}

/**
 * @param {() => string} read
 * @returns {string} the result of `read`, or "" if it throws
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
 * @returns {boolean} false if the lock exists
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

/** @param {string} file @returns {Owner | undefined} undefined if the lock is free */
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
 * Returns true if the owner is dead.
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
 * Returns true if the owner's pid is one of this system.
 * @param {Owner} owner
 * @param {Owner} self this process
 */
function isHere(owner, self) {
  return owner.machine === self.machine && owner.system === self.system;
}

/**
 * Watches an owner's heartbeat. It measures time by the local clock, as that of another machine may
 * differ.
 */
class Heartbeat {
  /** True after a touch was seen: the owner is alive. */
  isSeen = false;
  #token = "";
  #touched = 0;
  #since = 0;

  /** @param {string} file */
  constructor(file) {
    this.file = file;
  }

  /** Returns true if no touch was seen for too long. @param {Owner} owner */
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
 * Removes the lock of a dead owner, unless another process is doing it.
 * @param {string} file
 * @param {Owner} gone the dead owner
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
 * Returns the start time of a process, in clock ticks since boot. It tells a reused pid from the
 * owner's.
 * @param {number} pid
 * @returns {string} empty without such a process or without /proc
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
    // The directory may just have been removed. Then `unlock` has nothing to remove.
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
