/**
 * The sync policies: how many records a loss of power may destroy. A crash of the process destroys
 * none.
 */

/** With `--sync interval`, a record is synced within this time. @limit seconds */
export const SYNC_SECONDS: f64 = 1;

/** The time at which written records are synced to the disk. */
export enum SyncPolicy {
  /** Before any client gets the messages. */
  ALWAYS = 0,
  /** Within SYNC_SECONDS. */
  INTERVAL = 1,
  /** Only when a segment is full. The kernel may write earlier. */
  NEVER = 2,
}

/** Parses `always`, `interval` or `never`. Any other word means `interval`. */
export function parseSyncPolicy(word: string): SyncPolicy {
  if (word == "always") return SyncPolicy.ALWAYS;
  return word == "never" ? SyncPolicy.NEVER : SyncPolicy.INTERVAL;
}
