/** How much a loss of power may take. Nothing here is lost by the end of the process alone. */

/** With `--sync interval`, a record waits so long for its sync. @limit seconds */
export const SYNC_SECONDS: f64 = 1;

/** When what is written is made safe from a loss of power. */
export enum SyncPolicy {
  /** Before anybody is told. */
  ALWAYS = 0,
  /** Within SYNC_SECONDS. */
  INTERVAL = 1,
  /** When the kernel likes, and when a segment is full. */
  NEVER = 2,
}

/** `always`, `interval`, `never`. */
export function parseSyncPolicy(word: string): SyncPolicy {
  if (word == "always") return SyncPolicy.ALWAYS;
  return word == "never" ? SyncPolicy.NEVER : SyncPolicy.INTERVAL;
}
