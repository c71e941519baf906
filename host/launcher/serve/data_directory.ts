/**
 * The data directory of a server. It is created if needed, and locked, so that one launcher uses it
 * at a time. A guest cannot lock a file: it only notices later that another process has written.
 */
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeDirectory } from "../../bootstrap/directory.mjs";
import { tryLock } from "../../bootstrap/lock.mjs";
import { messageOf, UserError } from "../base/errors.js";

/** The permissions: for the owner alone, since it contains messages. */
const MODE = 0o700;
/**
 * The time in milliseconds that a new launcher waits after another was killed. The guest of a
 * killed launcher may write until it notices the end of its stdin, within a second.
 */
const KILLED_GUEST_WAIT_MS = 1_500;

export interface DataDirectory {
  path: string;
  close(): void;
}

/**
 * Creates and locks the directory.
 *
 * @throws UserError if that fails, or if another server uses it
 */
export async function openDataDirectory(
  directory: string,
  { say, signal }: { say: (line: string) => void; signal: AbortSignal },
): Promise<DataDirectory> {
  const absolute = path.resolve(directory);
  let locked: Awaited<ReturnType<typeof tryLock>>;
  const onWait = ({ pid, machine }: { pid: number; machine: string }): void =>
    say(`${directory} is locked by process ${pid} on ${machine}: looking whether that one lives`);
  try {
    if (absolute.includes("::")) throw new Error(`wasmtime cannot be given a path with "::"`);
    makeDirectory(absolute, MODE);
    locked = await tryLock(path.join(absolute, "lock"), { onWait, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new UserError("E_DATA", `cannot keep the chat in ${directory}: ${messageOf(error)}`);
  }
  if ("owner" in locked)
    throw new UserError(
      "E_DATA",
      `another server keeps its chat in ${directory} (process ${locked.owner.pid} on ` +
        `${locked.owner.machine}): stop that one, or choose another directory with --data`,
    );
  if (locked.wasLeft) await sleep(KILLED_GUEST_WAIT_MS);
  return { path: absolute, close: locked.unlock };
}
