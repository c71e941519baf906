import { CloseReason } from "../../../../assembly/net/connection/close_reason";
import { NEVER, IdleTimer, warnAfter } from "../../../../assembly/net/connection/idle_timer";
import { IdleScan } from "../../../../assembly/net/connection/idle_scan";
import * as host from "./support/host";
import { join, limits, loop, set, Talker, turn } from "./support/peers";
import { sameNumber, SECOND } from "./support/steps";

/** Time passes in steps of a second. */
function pass(seconds: i32): void {
  for (let i = 0; i < seconds; i++) {
    host.advance(SECOND);
    turn();
  }
}

function says(fd: u32, text: string): void {
  host.feed(fd, text);
  turn();
}

function isClosed(talker: Talker, reason: CloseReason): void {
  sameNumber(talker.asked.length, 1);
  sameNumber(talker.asked[0], reason);
}

export function without_limits_nobody_looks(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  says(fd, "unfinished");
  pass(100);
  sameNumber(talker.asked.length, 0);
  sameNumber(host.calls("sock_send"), 0);
}

export function who_says_nothing_is_warned_and_then_closed(): void {
  limits.idleSeconds = 20;
  const fd = host.openConnection();
  const talker = join(fd);
  pass(14);
  sameNumber(talker.warnings.length, 0);
  pass(2);
  sameNumber(talker.warnings.length, 1);
  sameNumber(<i64>talker.warnings[0], 5);
  pass(3);
  sameNumber(talker.asked.length, 0);
  pass(2);
  isClosed(talker, CloseReason.IDLE);
  sameNumber(talker.warnings.length, 1);
}

export function a_long_time_ends_with_a_minute_s_warning(): void {
  limits.idleSeconds = 1000;
  const talker = join(host.openConnection());
  pass(939);
  sameNumber(talker.warnings.length, 0);
  pass(2);
  sameNumber(<i64>talker.warnings[0], 60);
}

export function nobody_is_closed_unwarned_though_the_machine_has_slept(): void {
  limits.idleSeconds = 20;
  const talker = join(host.openConnection());
  host.advance(3600 * SECOND);
  turn();
  sameNumber(talker.warnings.length, 1);
  sameNumber(<i64>talker.warnings[0], 5);
  pass(4);
  sameNumber(talker.asked.length, 0);
  pass(2);
  isClosed(talker, CloseReason.IDLE);
}

export function a_warning_gives_the_time_that_it_says(): void {
  limits.idleSeconds = 4;
  const first = join(host.openConnection());
  host.advance(SECOND / 100);
  turn();
  const second = join(host.openConnection());
  host.advance(3 * SECOND - SECOND / 100);
  turn();
  sameNumber(first.warnings.length, 1);
  sameNumber(second.warnings.length, 0);
  // The next look is a second later: the second's whole time is over by then.
  host.advance(SECOND + SECOND / 50);
  turn();
  sameNumber(second.warnings.length, 1);
  sameNumber(second.asked.length, 0);
  pass(1);
  isClosed(second, CloseReason.IDLE);
}

export function any_byte_counts_and_ends_the_warning(): void {
  limits.idleSeconds = 20;
  const fd = host.openConnection();
  const talker = join(fd);
  for (let round = 1; round <= 3; round++) {
    pass(17);
    sameNumber(talker.warnings.length, round);
    says(fd, round == 3 ? "\n" : "x");
  }
  sameNumber(talker.asked.length, 0);
  pass(21);
  isClosed(talker, CloseReason.IDLE);
}

export function who_never_says_anything_is_closed_if_so_wished(): void {
  limits.loginSeconds = 5;
  const fd = host.openConnection();
  const talker = join(fd);
  const silent = join(host.openConnection());
  pass(4);
  says(fd, "x");
  pass(2);
  isClosed(silent, CloseReason.SILENT);
  pass(100);
  sameNumber(talker.asked.length, 0);
}

export function what_a_proxy_says_is_nothing_said(): void {
  limits.loginSeconds = 5;
  const fd = host.openConnection();
  const talker = join(fd, true);
  says(fd, "PROXY UNKNOWN\r\n");
  sameNumber(talker.sources.length, 1);
  pass(6);
  isClosed(talker, CloseReason.SILENT);
}

export function a_line_must_be_finished_in_time(): void {
  limits.lineSeconds = 5;
  const fd = host.openConnection();
  const talker = join(fd);
  pass(10);
  for (let i = 0; i < 4; i++) {
    says(fd, "x");
    pass(1);
    sameNumber(talker.asked.length, 0);
  }
  pass(1);
  isClosed(talker, CloseReason.UNFINISHED);
}

export function a_line_that_is_too_long_is_unfinished_as_well(): void {
  limits.lineSeconds = 5;
  const fd = host.openConnection();
  const talker = join(fd);
  for (let i = 0; i < 6; i++) {
    says(fd, "x".repeat(50));
    pass(1);
  }
  sameNumber(talker.longLines, 1);
  isClosed(talker, CloseReason.UNFINISHED);
}

export function each_line_has_its_own_time(): void {
  limits.lineSeconds = 5;
  const fd = host.openConnection();
  const talker = join(fd);
  for (let i = 0; i < 10; i++) {
    says(fd, "xx\nx");
    pass(4);
  }
  sameNumber(talker.asked.length, 0);
}

export function who_waits_for_its_turn_has_no_unfinished_line(): void {
  limits.lineSeconds = 2;
  limits.rate = 0.2;
  const fd = host.openConnection();
  const talker = join(fd);
  says(fd, "1\n2\n3\n4\nx");
  pass(4);
  sameNumber(talker.asked.length, 0);
}

export function a_limit_that_is_set_later_holds_for_who_is_here(): void {
  const talker = join(host.openConnection());
  pass(10);
  limits.idleSeconds = 5;
  set.idleScan.by(loop.now);
  pass(1);
  sameNumber(talker.warnings.length, 1);
  sameNumber(talker.asked.length, 0);
  pass(2);
  isClosed(talker, CloseReason.IDLE);
}

export function without_limits_nothing_is_due(): void {
  const idleTimer = new IdleTimer(5 * SECOND);
  assert(idleTimer.nextDeadline(limits) == NEVER);
  assert(idleTimer.noteLine(6 * SECOND, true, false), "a line begins");
  assert(idleTimer.nextDeadline(limits) == NEVER);
  sameNumber(idleTimer.expiredReason(1000 * SECOND, limits), CloseReason.NONE);
}

export function what_comes_first_is_due(): void {
  const idleTimer = new IdleTimer(0);
  limits.idleSeconds = 100;
  sameNumber(idleTimer.nextDeadline(limits), 75 * SECOND);
  limits.loginSeconds = 20;
  sameNumber(idleTimer.nextDeadline(limits), 20 * SECOND);
  idleTimer.noteInput(2 * SECOND);
  sameNumber(idleTimer.nextDeadline(limits), 77 * SECOND);
  limits.lineSeconds = 10;
  idleTimer.noteLine(3 * SECOND, true, false);
  assert(!idleTimer.noteLine(4 * SECOND, true, false), "it goes on");
  sameNumber(idleTimer.nextDeadline(limits), 13 * SECOND);
  idleTimer.noteLine(5 * SECOND, false, true);
  idleTimer.noteWarning(77 * SECOND);
  sameNumber(idleTimer.nextDeadline(limits), 102 * SECOND);
  idleTimer.noteWarning(90 * SECOND);
  sameNumber(idleTimer.nextDeadline(limits), 115 * SECOND);
}

export function the_warning_comes_late(): void {
  limits.idleSeconds = 4;
  assert(warnAfter(limits) == 3);
  limits.idleSeconds = 240;
  assert(warnAfter(limits) == 180);
  limits.idleSeconds = 600;
  assert(warnAfter(limits) == 540);
}

export function a_sweep_looks_once_a_second_at_most(): void {
  limits.idleSeconds = 100;
  const idleScan = new IdleScan(loop, set);
  const talker = join(host.openConnection());
  pass(80);
  sameNumber(talker.warnings.length, 1);
  idleScan.run();
  limits.idleSeconds = 1;
  idleScan.by(loop.now);
  host.advance(SECOND / 2);
  turn();
  sameNumber(talker.asked.length, 0);
  host.advance(SECOND / 2);
  turn();
  isClosed(talker, CloseReason.IDLE);
}
