/**
 * What a selector does differently where a wait costs as much as there are keys, and there are
 * thousands: it verifies fewer of those in doubt at a time, and lets some time pass between two
 * waits, so that they find more.
 */
import { monotonic } from "../wasi/clock";
import { sleep } from "../wasi/poll";

/** Of the keys in doubt, one in this many is verified when something certain is ready. */
export const VERIFY_ROUNDS: u32 = 8;
/** The same in the largest crowds. */
export const VERIFY_ROUNDS_MOST: u32 = 64;
/** Where one in {@link VERIFY_ROUNDS} is more than this, fewer are verified. */
const VERIFIED_AT_ONCE: u32 = 64;

/** From so many keys on, waits are spaced. */
export const CROWD_KEYS: i32 = 1024;
/** The space for each key, in nanoseconds: half as much again as the wait itself takes. */
export const SPACE_FOR_EACH: u64 = 1000;
/** No space is longer, in nanoseconds. */
export const LONGEST_SPACE: u64 = 7_000_000;

/** One in how many keys is verified; a power of two. */
export function verifyRounds(keys: i32): u32 {
  let rounds = VERIFY_ROUNDS;
  while (rounds < VERIFY_ROUNDS_MOST && <u32>keys / rounds > VERIFIED_AT_ONCE) rounds *= 2;
  return rounds;
}

/** The time between two waits. Whoever waits rarely does not notice. */
export class Spacing {
  private ended: u64 = 0;

  /** A wait begins, of so many nanoseconds at most. */
  before(keys: i32, most: u64): void {
    if (keys < CROWD_KEYS) return;
    const space = min(<u64>keys * SPACE_FOR_EACH, LONGEST_SPACE);
    const passed = monotonic() - this.ended;
    if (passed < space) sleep(min(space - passed, most));
  }

  /** A wait is over. */
  after(keys: i32): void {
    if (keys >= CROWD_KEYS) this.ended = monotonic();
  }
}
