import {
  CROWD_KEYS,
  LONGEST_SPACE,
  SPACE_FOR_EACH,
  Spacing,
  VERIFY_ROUNDS,
  VERIFY_ROUNDS_MOST,
  verifyRounds,
} from "../../../assembly/selectors/crowd";
import { monotonic } from "../../../assembly/wasi/clock";
import * as host from "./support/host";
import { sameNumber } from "./support/steps";

const NEVER: u64 = u64.MAX_VALUE;

/** How long a wait that begins now is put off, in nanoseconds. */
function spaceBefore(spacing: Spacing, keys: i32, most: u64): u64 {
  const start = monotonic();
  spacing.before(keys, most);
  return monotonic() - start;
}

export function a_small_crowd_is_verified_by_eighths_and_the_largest_by_sixtyfourths(): void {
  sameNumber(verifyRounds(1), VERIFY_ROUNDS);
  sameNumber(verifyRounds(519), VERIFY_ROUNDS);
  sameNumber(verifyRounds(520), VERIFY_ROUNDS * 2);
  sameNumber(verifyRounds(5000), VERIFY_ROUNDS_MOST);
  sameNumber(verifyRounds(100_000), VERIFY_ROUNDS_MOST);
}

export function waits_of_a_large_crowd_are_spaced(): void {
  const spacing = new Spacing();
  host.advance(LONGEST_SPACE);
  spacing.after(CROWD_KEYS);
  const space = CROWD_KEYS * SPACE_FOR_EACH;
  sameNumber(spaceBefore(spacing, CROWD_KEYS, NEVER), space);
  spacing.after(CROWD_KEYS);
  host.advance(space / 4);
  sameNumber(spaceBefore(spacing, CROWD_KEYS, NEVER), space - space / 4);
  spacing.after(100_000);
  sameNumber(spaceBefore(spacing, 100_000, NEVER), LONGEST_SPACE);
}

export function a_wait_that_comes_late_begins_at_once_and_none_is_longer_than_asked(): void {
  const spacing = new Spacing();
  host.advance(LONGEST_SPACE);
  spacing.after(CROWD_KEYS);
  host.advance(LONGEST_SPACE);
  sameNumber(spaceBefore(spacing, CROWD_KEYS, NEVER), 0);
  spacing.after(CROWD_KEYS);
  sameNumber(spaceBefore(spacing, CROWD_KEYS, 1000), 1000);
}

export function waits_of_few_are_not_spaced(): void {
  const spacing = new Spacing();
  spacing.after(CROWD_KEYS - 1);
  sameNumber(spaceBefore(spacing, CROWD_KEYS - 1, NEVER), 0);
}
