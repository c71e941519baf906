import {
  MIN_THROTTLED_KEYS,
  MAX_GAP,
  GAP_PER_KEY,
  PollThrottle,
  VERIFY_ROUNDS,
  MAX_VERIFY_ROUNDS,
  verifyRounds,
} from "../../../../assembly/selectors/poll_throttle";
import { monotonic } from "../../../../assembly/wasi/clock";
import * as host from "./support/host";
import { sameNumber } from "./support/steps";

const NEVER: u64 = u64.MAX_VALUE;

/** How long a wait that begins now is put off, in nanoseconds. */
function gapBefore(throttle: PollThrottle, keys: i32, most: u64): u64 {
  const start = monotonic();
  throttle.waitForGap(keys, most);
  return monotonic() - start;
}

export function few_keys_are_verified_by_eighths_and_the_most_by_sixtyfourths(): void {
  sameNumber(verifyRounds(1), VERIFY_ROUNDS);
  sameNumber(verifyRounds(519), VERIFY_ROUNDS);
  sameNumber(verifyRounds(520), VERIFY_ROUNDS * 2);
  sameNumber(verifyRounds(5000), MAX_VERIFY_ROUNDS);
  sameNumber(verifyRounds(100_000), MAX_VERIFY_ROUNDS);
}

export function waits_for_many_keys_are_throttled(): void {
  const throttle = new PollThrottle();
  host.advance(MAX_GAP);
  throttle.noteWaitEnd(MIN_THROTTLED_KEYS);
  const gap = MIN_THROTTLED_KEYS * GAP_PER_KEY;
  sameNumber(gapBefore(throttle, MIN_THROTTLED_KEYS, NEVER), gap);
  throttle.noteWaitEnd(MIN_THROTTLED_KEYS);
  host.advance(gap / 4);
  sameNumber(gapBefore(throttle, MIN_THROTTLED_KEYS, NEVER), gap - gap / 4);
  throttle.noteWaitEnd(100_000);
  sameNumber(gapBefore(throttle, 100_000, NEVER), MAX_GAP);
}

export function a_wait_that_comes_late_begins_at_once_and_none_is_longer_than_asked(): void {
  const throttle = new PollThrottle();
  host.advance(MAX_GAP);
  throttle.noteWaitEnd(MIN_THROTTLED_KEYS);
  host.advance(MAX_GAP);
  sameNumber(gapBefore(throttle, MIN_THROTTLED_KEYS, NEVER), 0);
  throttle.noteWaitEnd(MIN_THROTTLED_KEYS);
  sameNumber(gapBefore(throttle, MIN_THROTTLED_KEYS, 1000), 1000);
}

export function waits_for_few_keys_are_not_throttled(): void {
  const throttle = new PollThrottle();
  throttle.noteWaitEnd(MIN_THROTTLED_KEYS - 1);
  sameNumber(gapBefore(throttle, MIN_THROTTLED_KEYS - 1, NEVER), 0);
}
