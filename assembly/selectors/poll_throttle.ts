/**
 * Poll throttling, for hosts where a wait costs time for each key, and that also report keys that
 * are not ready. A reported key is doubtful until the selector has verified that it is ready
 * (host_readiness.ts). After a wake that another key explains, the selector verifies only a share
 * of the doubtful keys: one in 8, and the more keys there are the fewer, down to one in 64. From
 * 1,024 keys on, it also keeps a gap between two waits, so that each wait finds more ready keys.
 */
import { monotonic } from "../wasi/clock";
import { sleep } from "../wasi/poll";

/** If an exact event explains a wake, one doubtful key in this many is verified. @limit keys */
export const VERIFY_ROUNDS: u32 = 8;
/** With thousands of keys, one doubtful key in this many is verified. @limit keys */
export const MAX_VERIFY_ROUNDS: u32 = 64;
/** Above this number of keys to verify at a time, the selector verifies a smaller share. */
const MAX_VERIFIED_AT_ONCE: u32 = 64;

/** With at least this many keys, there is a gap between two waits. */
export const MIN_THROTTLED_KEYS: i32 = 1024;
/** The gap between two waits grows by this for each key, from 1,024 keys on. @limit nanoseconds */
export const GAP_PER_KEY: u64 = 1000;
/** The longest gap between two waits. @limit nanoseconds */
export const MAX_GAP: u64 = 7_000_000;

/** Returns n if one key in n is to be verified; a power of two. */
export function verifyRounds(keys: i32): u32 {
  let rounds = VERIFY_ROUNDS;
  while (rounds < MAX_VERIFY_ROUNDS && <u32>keys / rounds > MAX_VERIFIED_AT_ONCE) rounds *= 2;
  return rounds;
}

/** Keeps the gap between two waits. A program that waits rarely loses no time. */
export class PollThrottle {
  /** The time when the last wait ended, in nanoseconds of the monotonic clock. */
  private ended: u64 = 0;

  /** Sleeps until the gap since the last wait is over, for at most `most` nanoseconds. */
  waitForGap(keys: i32, most: u64): void {
    if (keys < MIN_THROTTLED_KEYS) return;
    const gap = min(<u64>keys * GAP_PER_KEY, MAX_GAP);
    const passed = monotonic() - this.ended;
    if (passed < gap) sleep(min(gap - passed, most));
  }

  /** Records the end of a wait. */
  noteWaitEnd(keys: i32): void {
    if (keys >= MIN_THROTTLED_KEYS) this.ended = monotonic();
  }
}
