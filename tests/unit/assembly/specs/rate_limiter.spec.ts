import { CloseReason } from "../../../../assembly/net/connection/close_reason";
import { TURN_NANOSECONDS } from "../../../../assembly/net/rate/address_limiter";
import { RateLimiter, RateLimited } from "../../../../assembly/net/rate/rate_limiter";
import * as host from "./support/host";
import { join, limits, loop, say, set, Talker, turn } from "./support/peers";
import { MILLISECOND, same, sameNumber, SECOND, sent } from "./support/steps";

class Waiter implements RateLimited {
  turns: i32 = 0;

  takeTurn(): void {
    this.turns++;
  }
}

/** A connection that may say two lines a second, three at once. */
function limited(fd: u32): Talker {
  limits.rate = 2;
  return join(fd);
}

function pass(seconds: f64): void {
  host.advance(<u64>(seconds * <f64>SECOND));
  turn();
  turn();
}

export function without_a_rate_there_is_always_a_turn(): void {
  limits.rate = 0;
  const limiter = new RateLimiter(loop, limits, new Waiter());
  for (let i = 0; i < 100; i++) limiter.countLine();
  assert(limiter.hasTurn && !limiter.isBounded && !limiter.isWaiting && !limiter.mustCloseForFlood);
}

export function a_turn_comes_when_there_is_a_token(): void {
  limits.rate = 2;
  const waiter = new Waiter();
  const limiter = new RateLimiter(loop, limits, waiter);
  for (let i = 0; i < 3; i++) limiter.countLine();
  assert(!limiter.hasTurn);
  assert(limiter.requestTurn());
  assert(limiter.isWaiting);
  host.advance(SECOND / 2);
  turn();
  sameNumber(waiter.turns, 1);
  assert(limiter.hasTurn && !limiter.isWaiting);
  assert(!limiter.requestTurn(), "the flood goes on, it does not begin");
  limiter.cancelTurns();
  assert(!limiter.isWaiting);
}

export function clients_that_wait_get_their_turns_in_one_tick(): void {
  const early = new Waiter();
  const late = new Waiter();
  turn();
  host.advance(TURN_NANOSECONDS - (loop.now % TURN_NANOSECONDS));
  new RateLimiter(loop, limits, early).throttle(0.06);
  host.advance(30 * MILLISECOND);
  new RateLimiter(loop, limits, late).throttle(0.06);
  for (let i = 0; i < 200 && early.turns == 0; i++) {
    host.advance(MILLISECOND);
    turn();
  }
  sameNumber(early.turns, 1);
  sameNumber(late.turns, 1);
  assert(loop.now % TURN_NANOSECONDS < 2 * MILLISECOND, "not at a common turn");
}

export function a_throttle_of_no_time_ends_in_the_next_tick(): void {
  const waiter = new Waiter();
  const limiter = new RateLimiter(loop, limits, waiter);
  const before = loop.now;
  limiter.throttle(0);
  host.advance(MILLISECOND);
  turn();
  sameNumber(waiter.turns, 1);
  assert(loop.now < before + TURN_NANOSECONDS, "it waited for a common turn");
}

export function a_paste_passes_at_once(): void {
  const fd = host.openConnection();
  const talker = limited(fd);
  host.feed(fd, "1\n2\n3\n");
  turn();
  same(talker.heard.join(" "), "1 2 3");
  sameNumber(talker.floods, 0);
}

export function a_new_connection_has_a_small_burst_that_grows(): void {
  limits.burst = 400;
  limits.firstBurst = 4;
  limits.rate = 20;
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "x\n".repeat(6));
  turn();
  sameNumber(talker.heard.length, 4);
  sameNumber(talker.floods, 1);
  pass(30);
  sameNumber(talker.heard.length, 6);
  pass(1);
  host.feed(fd, "x\n".repeat(410));
  turn();
  sameNumber(talker.heard.length, 6 + 400);
}

export function a_line_costs_one_more_for_each_so_many_bytes(): void {
  limits.lineCost = 5;
  const fd = host.openConnection();
  const talker = limited(fd);
  host.feed(fd, "1234\n1234\n1234\n1234\n");
  turn();
  same(talker.heard.join(" "), "1234 1234 1234", "below the cost:");
  const long = host.openConnection();
  const other = limited(long);
  host.feed(long, "12345\n12345\n12345\n");
  turn();
  same(other.heard.join(" "), "12345 12345", "at the cost, two each:");
  limits.lineCost = u32.MAX_VALUE;
}

export function what_is_more_waits_and_is_told_once(): void {
  const fd = host.openConnection();
  const talker = limited(fd);
  host.feed(fd, "1\n2\n3\n4\n5\n6");
  turn();
  same(talker.heard.join(" "), "1 2 3");
  sameNumber(talker.floods, 1);
  pass(0.5);
  same(talker.heard.join(" "), "1 2 3 4");
  pass(0.5);
  same(talker.heard.join(" "), "1 2 3 4 5");
  host.feed(fd, "66\n");
  pass(0.5);
  pass(0.5);
  same(talker.heard.join(" "), "1 2 3 4 5 666");
  sameNumber(talker.floods, 1);
}

export function a_flood_in_small_pieces_is_one_flood(): void {
  const fd = host.openConnection();
  const talker = limited(fd);
  for (let i = 0; i < 12; i++) {
    host.feed(fd, `${i}\n`);
    turn();
    pass(0.25);
  }
  sameNumber(talker.floods, 1);
}

export function after_a_rest_a_flood_is_told_again(): void {
  const fd = host.openConnection();
  const talker = limited(fd);
  host.feed(fd, "1\n2\n3\n4\n");
  turn();
  pass(0.5);
  sameNumber(talker.floods, 1);
  pass(2);
  host.feed(fd, "5\n6\n7\n8\n");
  turn();
  sameNumber(talker.floods, 2);
}

export function bytes_are_not_lines(): void {
  const fd = host.openConnection();
  const talker = limited(fd);
  for (let i = 0; i < 9; i++) {
    host.feed(fd, "x");
    turn();
  }
  host.feed(fd, "\n");
  turn();
  same(talker.heard.join(" "), "xxxxxxxxx");
  sameNumber(talker.floods, 0);
}

export function whoever_waits_is_not_read_and_hears_what_others_say(): void {
  const fd = host.openConnection();
  const talker = limited(fd);
  host.feed(fd, "1\n2\n3\n4\n5\n");
  turn();
  assert(loop.selector.getKey(fd) === null);
  say(talker.connection!, "hello\n");
  turn();
  same(sent(fd), "hello\n");
}

export function a_flood_that_does_not_end_is_a_reason(): void {
  const fd = host.openConnection();
  const talker = limited(fd);
  host.feed(fd, "x\n".repeat(40));
  turn();
  for (let i = 0; i < 20; i++) pass(0.5);
  sameNumber(talker.asked.length, 0);
  pass(0.5);
  sameNumber(talker.asked.length, 1);
  sameNumber(talker.asked[0], CloseReason.FLOOD);
  host.end(fd);
  turn();
  sameNumber(talker.closed.length, 1);
  sameNumber(set.size, 0);
}

export function who_is_closed_while_lines_wait_says_no_more_of_them(): void {
  const fd = host.openConnection();
  const talker = limited(fd);
  host.feed(fd, "1\n2\nquit\n4\n5\n");
  turn();
  host.end(fd);
  turn();
  pass(5);
  same(talker.heard.join(" "), "1 2 quit");
  sameNumber(talker.closed.length, 1);
}

export function bounds_that_are_changed_hold_for_those_who_are_here(): void {
  limits.rate = 0;
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "1\n2\n3\n4\n5\n");
  turn();
  same(talker.heard.join(" "), "1 2 3 4 5");
  limits.rate = 2;
  limits.burst = 2;
  host.feed(fd, "6\n7\n8\n9\n");
  turn();
  same(talker.heard.join(" "), "1 2 3 4 5 6 7");
  limits.rate = 100;
  pass(0.5);
  same(talker.heard.join(" "), "1 2 3 4 5 6 7 8 9");
}
