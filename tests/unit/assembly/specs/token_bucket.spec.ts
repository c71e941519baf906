import { TokenBucket } from "../../../../assembly/net/rate/token_bucket";
import { random } from "./support/host";
import { sameNumber, SECOND, step } from "./support/steps";

export function a_burst_passes_and_then_it_is_empty(): void {
  const bucket = new TokenBucket(2, 3, 0);
  for (let i = 0; i < 3; i++) assert(bucket.takeToken(0));
  assert(!bucket.takeToken(0));
  assert(bucket.secondsUntilToken(0) == 0.5);
}

export function it_is_refilled_steadily(): void {
  const bucket = new TokenBucket(2, 3, 0);
  for (let i = 0; i < 3; i++) bucket.takeToken(0);
  assert(!bucket.takeToken(SECOND / 2 - 1));
  assert(bucket.takeToken(SECOND / 2));
  assert(!bucket.takeToken(SECOND / 2));
  assert(bucket.secondsUntilToken(SECOND) == 0);
}

export function it_holds_no_more_than_its_burst(): void {
  const bucket = new TokenBucket(100, 2, 0);
  const later = 1000 * SECOND;
  assert(bucket.takeToken(later) && bucket.takeToken(later) && !bucket.takeToken(later));
}

export function a_clock_that_stands_still_gives_nothing(): void {
  const bucket = new TokenBucket(1, 1, 5 * SECOND);
  assert(bucket.takeToken(4 * SECOND));
  assert(!bucket.takeToken(4 * SECOND) && !bucket.takeToken(5 * SECOND));
  assert(bucket.takeToken(6 * SECOND));
}

export function in_any_time_no_more_passes_than_burst_and_rate(): void {
  const bucket = new TokenBucket(10, 20, 0);
  let now: u64 = 0;
  let passed = 0;
  for (let i = 0; i < 5000; i++) {
    now += random() % 60_000_000;
    if (bucket.takeToken(now)) passed++;
    assert(<f64>passed <= 20 + (<f64>now / 1e9) * 10 + 1e-6, `${passed} by ${now}`);
    if (i % 500 == 0) step();
  }
  sameNumber(<i64>(passed > 1000), 1);
}

export function to_look_changes_nothing(): void {
  const looked = new TokenBucket(7, 100, 0);
  const left = new TokenBucket(7, 100, 0);
  for (let i = 0; i < 100; i++) assert(looked.takeToken(0) && left.takeToken(0));
  for (let now: u64 = 0; now < 140_000_000; now += 333_337) looked.isFull(now);
  assert(looked.secondsUntilToken(140_000_000) == left.secondsUntilToken(140_000_000));
}

export function half_full_is_half_of_the_burst(): void {
  const bucket = new TokenBucket(2, 4, 0);
  assert(bucket.isHalfFull(0));
  for (let i = 0; i < 3; i++) bucket.takeToken(0);
  assert(!bucket.isHalfFull(SECOND / 2 - 1));
  assert(bucket.isHalfFull(SECOND));
}

export function it_can_be_changed_while_it_is_used(): void {
  const bucket = new TokenBucket(1, 2, 0);
  bucket.configure(1, 5);
  assert(bucket.isFull(0), "who had taken nothing has taken nothing");
  for (let i = 0; i < 5; i++) assert(bucket.takeToken(0));
  bucket.configure(10, 5);
  assert(bucket.secondsUntilToken(0) == 0.1);
  bucket.configure(10, 1);
  assert(bucket.isFull(SECOND) && bucket.takeToken(SECOND) && !bucket.takeToken(SECOND));
}

export function tokens_that_are_not_there_yet_can_be_paid(): void {
  const bucket = new TokenBucket(2, 4, 0);
  bucket.takeTokens(0, 10);
  assert(bucket.secondsUntilToken(0) == 3.5);
  assert(!bucket.takeToken(3 * SECOND));
  assert(bucket.takeToken(<u64>(3.5 * <f64>SECOND)));
}
