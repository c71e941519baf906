/**
 * Poll throttling. Where a wait costs as much as there are keys, and there are thousands of them, a
 * selector verifies fewer unverified keys at a time, and leaves a gap between two waits, so that
 * each wait finds more.
 */
import { monotonic } from "../wasi/clock";
import { sleep } from "../wasi/poll";

/** If something explains a wake, one doubtful key in this many is verified. @limit keys */
export const VERIFY_ROUNDS: u32 = 8;
/** With thousands of keys, one doubtful key in this many is verified. @limit keys */
export const MAX_VERIFY_ROUNDS: u32 = 64;
/** If one in {@link VERIFY_ROUNDS} is more keys than this, fewer are verified. */
const MAX_VERIFIED_AT_ONCE: u32 = 64;

/** With fewer keys, there is no gap between waits. */
export const MIN_THROTTLED_KEYS: i32 = 1024;
/** The gap between two waits grows by this for each key, from 1,024 keys on. @limit nanoseconds */
export const GAP_PER_KEY: u64 = 1000;
/** The gap between two waits is so long at most. @limit nanoseconds */
export const MAX_GAP: u64 = 7_000_000;

/** @returns one in how many of `keys` is verified; a power of two */
export function verifyRounds(keys: i32): u32 {
  let rounds = VERIFY_ROUNDS;
  while (rounds < MAX_VERIFY_ROUNDS && <u32>keys / rounds > MAX_VERIFIED_AT_ONCE) rounds *= 2;
  return rounds;
}

/** Keeps the gap between two waits. A program that waits rarely loses no time. */
export class PollThrottle {
  /** When the last wait ended, in nanoseconds of the monotonic clock. */
  private ended: u64 = 0;

  /** Sleeps until the gap since the last wait is over, for `most` nanoseconds at most. */
  before(keys: i32, most: u64): void {
    if (keys < MIN_THROTTLED_KEYS) return;
    const gap = min(<u64>keys * GAP_PER_KEY, MAX_GAP);
    const passed = monotonic() - this.ended;
    if (passed < gap) sleep(min(gap - passed, most));
  }

  /** A wait has ended. */
  after(keys: i32): void {
    if (keys >= MIN_THROTTLED_KEYS) this.ended = monotonic();
  }
}
