import { Chunk } from "../../../../assembly/net/sending/chunk";
import { CloseReason, closeReasonText } from "../../../../assembly/net/connection/close_reason";
import { CLOSE_SECONDS, READ_BYTES } from "../../../../assembly/net/connection/connection";
import { ConnectionState } from "../../../../assembly/net/connection/connection_state";
import { PROXY_SECONDS } from "../../../../assembly/net/connection/connection_input";
import { EVENT_READ, EVENT_WRITE } from "../../../../assembly/selectors";
import { monotonic } from "../../../../assembly/wasi/clock";
import { NOSYS, PIPE } from "../../../../assembly/wasi/errno";
import * as host from "./support/host";
import { join, limits, loop, say, set, Talker, turn } from "./support/peers";
import { Note, same, sameNumber, SECOND, sent, step } from "./support/steps";

/** Returns the events that the loop watches a connection for; 0 for none. */
function watched(fd: u32): u32 {
  const key = loop.selector.getKey(fd);
  return key === null ? 0 : key.events;
}

function isIn(talker: Talker, state: ConnectionState): void {
  const found = talker.connection!.state;
  assert(found == state, `in state ${found}, not ${state}`);
}

/** It is gone, for this reason, and has left nothing behind. */
function isGone(talker: Talker, reason: CloseReason): void {
  isIn(talker, ConnectionState.CLOSED);
  sameNumber(talker.closed.length, 1, "told once:");
  sameNumber(talker.closed[0], reason);
  sameNumber(talker.connection!.reason, reason);
  assert(!host.isOpen(talker.connection!.fd), "its descriptor is closed");
  sameNumber(watched(talker.connection!.fd), 0);
  sameNumber(talker.connection!.outbox.queuedBytes, 0);
  sameNumber(set.size, 0);
}

export function lines_are_handed_over_in_order(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "one\r\ntwo\nthr");
  turn();
  host.feed(fd, "ee\n");
  turn();
  same(talker.heard.join("|"), "one|two|three");
  isIn(talker, ConnectionState.OPEN);
  assert(talker.connection!.isOpen);
}

export function a_line_as_long_as_the_limit_is_heard_and_a_longer_one_is_told(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "1234567890\n12345678901\nx\n");
  turn();
  same(talker.heard.join("|"), "1234567890|x");
  sameNumber(talker.longLines, 1);
}

export function a_tick_reads_a_bounded_number_of_bytes(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "1234567\n".repeat(READ_BYTES / 8) + "x\n");
  turn();
  sameNumber(talker.heard.length, READ_BYTES / 8);
  turn();
  sameNumber(talker.heard.length, READ_BYTES / 8 + 1);
}

export function what_is_sent_leaves_with_the_next_turn(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  say(talker.connection!, "one\n");
  say(talker.connection!, "two\n");
  same(sent(fd), "");
  set.finishTick();
  same(sent(fd), "one\ntwo\n");
  sameNumber(Chunk.bytesInUse, 0);
}

export function writing_is_watched_only_while_something_is_owed(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  sameNumber(watched(fd), EVENT_READ);
  say(talker.connection!, "one\n");
  turn();
  sameNumber(watched(fd), EVENT_READ, "it fitted:");
  host.setRoom(fd, 2);
  say(talker.connection!, "two\n");
  turn();
  sameNumber(watched(fd), EVENT_READ | EVENT_WRITE);
  host.setRoom(fd, -1);
  turn();
  sameNumber(watched(fd), EVENT_READ, "it is drained:");
  same(sent(fd), "one\ntwo\n");
  const ticks = host.calls("sock_send");
  turn();
  sameNumber(host.calls("sock_send"), ticks);
}

export function quit_is_answered_and_then_the_peer_ends_the_stream(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "one\nquit\nunheard\n");
  turn();
  same(talker.heard.join("|"), "one|quit", "what follows is thrown away:");
  same(sent(fd), "* bye\n");
  isIn(talker, ConnectionState.LINGERING);
  assert(host.isShutDown(fd));
  sameNumber(set.size, 1);
  host.feed(fd, "more\n");
  turn();
  sameNumber(talker.heard.length, 2);
  host.end(fd);
  turn();
  isGone(talker, CloseReason.QUIT);
  sameNumber(talker.asked.length, 1);
}

export function the_end_of_the_stream_closes_at_once(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  talker.words = null;
  host.end(fd);
  turn();
  isGone(talker, CloseReason.LEFT);
  same(sent(fd), "");
  assert(host.calls("sock_shutdown") == 0, "it has ended on both sides");
}

export function the_last_line_needs_no_end(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "last");
  turn();
  host.end(fd);
  turn();
  same(talker.heard.join("|"), "last");
  isGone(talker, CloseReason.LEFT);
}

export function a_last_line_may_be_quit(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "quit");
  turn();
  host.end(fd);
  turn();
  isGone(talker, CloseReason.QUIT);
  sameNumber(talker.asked.length, 1);
  same(sent(fd), "* bye\n");
}

export function who_has_ended_its_stream_still_gets_what_it_is_owed(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  talker.words = null;
  host.setRoom(fd, 2);
  say(talker.connection!, "hello\n");
  turn();
  host.end(fd);
  turn();
  isIn(talker, ConnectionState.CLOSING);
  sameNumber(watched(fd), EVENT_WRITE, "the end, readable for ever, is not watched:");
  host.setRoom(fd, -1);
  turn();
  same(sent(fd), "hello\n");
  isGone(talker, CloseReason.LEFT);
}

export function a_reset_is_the_end_without_words(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  say(talker.connection!, "hello\n");
  turn();
  host.reset(fd);
  turn();
  isGone(talker, CloseReason.BROKEN);
  sameNumber(talker.asked.length, 0);
  sameNumber(Chunk.bytesInUse, 0);
}

export function a_send_that_fails_is_the_end_without_words(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.failSend(fd, PIPE);
  say(talker.connection!, "hello\n");
  turn();
  isGone(talker, CloseReason.BROKEN);
}

export function a_reset_while_it_closes_does_not_change_the_reason(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  talker.connection!.close(CloseReason.QUIT);
  turn();
  host.reset(fd);
  turn();
  isGone(talker, CloseReason.QUIT);
}

export function a_connection_closes_once(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  talker.connection!.close(CloseReason.QUIT);
  talker.connection!.close(CloseReason.STOPPING);
  turn();
  talker.connection!.close(CloseReason.SLOW);
  host.end(fd);
  turn();
  isGone(talker, CloseReason.QUIT);
  sameNumber(talker.asked.length, 1);
}

export function nothing_more_is_sent_to_who_is_closing(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  say(talker.connection!, "before\n");
  talker.connection!.close(CloseReason.QUIT);
  say(talker.connection!, "after\n");
  turn();
  same(sent(fd), "before\n* bye\n");
}

export function who_takes_too_long_to_end_is_cut_off(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  talker.connection!.close(CloseReason.QUIT);
  turn();
  isIn(talker, ConnectionState.LINGERING);
  host.advance(<u64>CLOSE_SECONDS * SECOND - 1);
  turn();
  isIn(talker, ConnectionState.LINGERING);
  host.advance(2);
  turn();
  isGone(talker, CloseReason.QUIT);
}

export function who_does_not_take_its_last_words_is_cut_off(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  talker.connection!.close(CloseReason.QUIT);
  turn();
  isIn(talker, ConnectionState.CLOSING);
  host.advance(<u64>CLOSE_SECONDS * SECOND + 1);
  turn();
  isGone(talker, CloseReason.QUIT);
  sameNumber(Chunk.bytesInUse, 0);
}

export function a_stop_does_not_wait_for_the_peer_s_end(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  talker.connection!.close(CloseReason.STOPPING);
  turn();
  same(sent(fd), "* bye\n");
  isGone(talker, CloseReason.STOPPING);
}

export function a_socket_that_cannot_be_shut_down_is_closed(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.failShutdown(fd, NOSYS);
  talker.connection!.close(CloseReason.QUIT);
  turn();
  isGone(talker, CloseReason.QUIT);
}

export function owed_up_to_the_soft_limit_nobody_is_slow(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  say(talker.connection!, "x".repeat(99) + "\n");
  turn();
  host.advance(60 * SECOND);
  turn();
  isIn(talker, ConnectionState.OPEN);
}

export function owed_one_byte_more_for_the_time_allowed_is_too_slow(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  say(talker.connection!, "x".repeat(100) + "\n");
  turn();
  host.advance(5 * SECOND - 1);
  turn();
  isIn(talker, ConnectionState.OPEN);
  host.advance(2);
  turn();
  isIn(talker, ConnectionState.CLOSING);
  sameNumber(talker.connection!.reason, CloseReason.SLOW);
  host.setRoom(fd, -1);
  turn();
  same(sent(fd), "* bye\n", "what was owed is dropped:");
}

export function slow_is_who_is_slow_without_a_break(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  for (let i = 0; i < 5; i++) {
    host.setRoom(fd, 0);
    say(talker.connection!, "x".repeat(150) + "\n");
    turn();
    host.advance(4 * SECOND);
    host.setRoom(fd, 60);
    turn();
    sameNumber(talker.connection!.outbox.queuedBytes, 91);
    host.advance(4 * SECOND);
    turn();
    isIn(talker, ConnectionState.OPEN);
    host.setRoom(fd, -1);
    turn();
  }
}

export function the_time_counts_while_the_debt_only_shrinks(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  say(talker.connection!, "x".repeat(500) + "\n");
  turn();
  for (let i = 0; i < 4; i++) {
    host.advance(SECOND);
    host.setRoom(fd, 50);
    turn();
    isIn(talker, ConnectionState.OPEN);
  }
  host.advance(SECOND + 1);
  turn();
  sameNumber(talker.connection!.reason, CloseReason.SLOW);
}

export function owed_up_to_the_hard_limit_there_is_time(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  say(talker.connection!, "x".repeat(999) + "\n");
  turn();
  isIn(talker, ConnectionState.OPEN);
}

export function owed_one_byte_more_is_the_end_at_once(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  say(talker.connection!, "x".repeat(1000) + "\n");
  turn();
  isIn(talker, ConnectionState.CLOSING);
  sameNumber(talker.connection!.reason, CloseReason.SLOW);
  sameNumber(talker.connection!.outbox.queuedBytes, 6, "its last words alone:");
}

export function who_takes_it_all_at_once_is_not_slow_however_much_it_is(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  say(talker.connection!, "x".repeat(5000) + "\n");
  turn();
  isIn(talker, ConnectionState.OPEN);
}

export function a_slow_one_gets_the_rest_of_its_line_before_the_last_words(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 3);
  say(talker.connection!, "abcdef\n" + "x".repeat(1000) + "\n");
  turn();
  host.setRoom(fd, -1);
  turn();
  same(sent(fd), "abcdef\n* bye\n");
  host.end(fd);
  turn();
  isGone(talker, CloseReason.SLOW);
}

export function who_is_slow_and_owes_no_words_is_closed_in_the_same_turn(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  talker.words = null;
  host.setRoom(fd, 0);
  say(talker.connection!, "x".repeat(1000) + "\n");
  set.finishTick();
  isIn(talker, ConnectionState.LINGERING);
  sameNumber(watched(fd), EVENT_READ);
}

export function a_connection_that_cannot_be_watched_is_broken_from_the_start(): void {
  const fd = host.openConnection();
  host.drop(fd);
  const talker = join(fd);
  sameNumber(talker.connection!.mark, CloseReason.BROKEN);
  set.finishTick();
  isGone(talker, CloseReason.BROKEN);
}

export function a_live_connection_is_never_reaped(): void {
  const talker = join(host.openConnection());
  host.expectAbort("reap of a live connection");
  talker.connection!.freeClosed();
}

export function to_give_up_twice_is_to_give_up_once(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  talker.connection!.close(CloseReason.QUIT);
  talker.connection!.giveUp();
  talker.connection!.giveUp();
  talker.connection!.flush();
  turn();
  isGone(talker, CloseReason.QUIT);
}

export function who_is_gone_wakes_nobody_any_more(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  say(talker.connection!, "x".repeat(500) + "\n");
  turn();
  talker.connection!.close(CloseReason.QUIT);
  host.reset(fd);
  turn();
  isGone(talker, CloseReason.QUIT);
  const start = monotonic();
  loop.callLater(60, new Note([], ""));
  loop.tick();
  sameNumber(monotonic() - start, 60 * SECOND, "neither its deadline nor its slowness:");
}

export function nobody_notices_that_a_neighbour_is_closed(): void {
  const fd = host.openConnection();
  const other = host.openConnection();
  const slow = join(fd);
  const fast = join(other);
  host.setRoom(fd, 0);
  for (let i = 0; i < 30; i++) {
    const line = "x".repeat(99) + "\n";
    if (slow.connection!.isOpen) say(slow.connection!, line);
    say(fast.connection!, line);
    turn();
  }
  sameNumber(slow.connection!.reason, CloseReason.SLOW);
  sameNumber(sent(other).length, 3000);
  isIn(fast, ConnectionState.OPEN);
}

const HEADER = "PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999\r\n";

export function a_proxy_says_where_its_peer_is_and_then_lines_come(): void {
  const fd = host.openConnection();
  const talker = join(fd, true);
  host.feed(fd, HEADER + "one\ntw");
  turn();
  same(talker.sources.join(), "203.0.113.7:51234");
  host.feed(fd, "o\n");
  turn();
  same(talker.heard.join("|"), "one|two");
}

export function a_header_may_come_in_two_pieces_cut_anywhere(): void {
  const whole = HEADER + "one\n";
  for (let cut = 1; cut < whole.length; cut++) {
    const fd = host.openConnection();
    const talker = join(fd, true);
    host.feed(fd, whole.substring(0, cut));
    turn();
    sameNumber(talker.sources.length, cut >= HEADER.length ? 1 : 0);
    host.feed(fd, whole.substring(cut));
    turn();
    same(talker.sources.join() + talker.heard.join("|"), "203.0.113.7:51234one");
  }
}

export function only_the_first_header_is_one(): void {
  const fd = host.openConnection();
  const talker = join(fd, true);
  host.feed(fd, HEADER + "PROXY x\n");
  turn();
  sameNumber(talker.sources.length, 1);
  same(talker.heard.join("|"), "PROXY x");
}

export function who_should_speak_as_a_proxy_and_does_not_is_closed_unheard(): void {
  const fd = host.openConnection();
  const talker = join(fd, true);
  host.feed(fd, "hello\n");
  turn();
  sameNumber(talker.heard.length + talker.sources.length, 0);
  sameNumber(talker.connection!.reason, CloseReason.BAD_HEADER);
  host.end(fd);
  turn();
  isGone(talker, CloseReason.BAD_HEADER);
}

export function a_proxy_has_a_bounded_time_to_speak(): void {
  const fd = host.openConnection();
  const talker = join(fd, true);
  host.feed(fd, "PROXY TCP4 ");
  turn();
  host.advance(<u64>(PROXY_SECONDS * <f64>SECOND) - 1);
  turn();
  isIn(talker, ConnectionState.OPEN);
  host.advance(1);
  turn();
  sameNumber(talker.connection!.reason, CloseReason.NO_HEADER);
}

export function a_proxy_that_has_spoken_is_given_all_the_time_there_is(): void {
  const fd = host.openConnection();
  const talker = join(fd, true);
  host.feed(fd, HEADER);
  turn();
  host.advance(3600 * SECOND);
  turn();
  isIn(talker, ConnectionState.OPEN);
}

export function a_proxy_that_goes_before_it_has_spoken_has_left(): void {
  const fd = host.openConnection();
  const talker = join(fd, true);
  host.feed(fd, "PROXY TCP4 ");
  host.end(fd);
  turn();
  turn();
  isGone(talker, CloseReason.LEFT);
  sameNumber(talker.heard.length + talker.sources.length, 0);
  const start = monotonic();
  loop.callLater(60, new Note([], ""));
  loop.tick();
  sameNumber(monotonic() - start, 60 * SECOND, "its deadline is gone, too:");
}

export function a_forged_header_closes_a_connection_that_came_by_itself(): void {
  for (let cut = 1; cut < HEADER.length; cut++) {
    const fd = host.openConnection();
    const talker = join(fd);
    host.feed(fd, HEADER.substring(0, cut));
    turn();
    host.feed(fd, HEADER.substring(cut) + "hello\n");
    turn();
    sameNumber(talker.heard.length + talker.sources.length, 0);
    sameNumber(talker.connection!.reason, CloseReason.FORGED_HEADER);
  }
}

export function what_only_begins_like_a_header_is_a_line(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "PROX");
  turn();
  host.feed(fd, "IMITY\nPROXY x\n");
  turn();
  same(talker.heard.join("|"), "PROXIMITY|PROXY x");
  sameNumber(talker.sources.length, 0);
}

export function every_reason_has_a_text_of_its_own(): void {
  const texts = new Array<string>();
  for (let reason = CloseReason.NONE; reason < CloseReason.COUNT; reason++) {
    const text = closeReasonText(reason);
    assert(text.length > 0 && !texts.includes(text), text);
    texts.push(text);
  }
}

export function memory_does_not_grow_with_those_who_come_and_go(): void {
  for (let i = 0; i < 200; i++) comeAndGo();
  step();
  const pages = memory.size();
  for (let i = 0; i < 10_000; i++) comeAndGo();
  assert(memory.size() - pages < 4, "memory grows");
  sameNumber(Chunk.bytesInUse, 0);
}

function comeAndGo(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "part of");
  say(talker.connection!, "hello\n");
  turn();
  host.reset(fd);
  turn();
  sameNumber(set.size, 0);
}

/** Owes so many bytes to somebody who takes nothing now. */
function owes(talker: Talker, bytes: i32): void {
  say(talker.connection!, "x".repeat(bytes - 1) + "\n");
  turn();
}

export function who_is_owed_half_of_the_most_and_takes_some_makes_others_wait(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 100);
  owes(talker, 600);
  sameNumber(talker.pressures, 0, "at half of it:");
  owes(talker, 1);
  sameNumber(talker.pressures, 1);
  owes(talker, 1);
  sameNumber(talker.pressures, 1, "it took nothing since:");
  host.setRoom(fd, 1);
  owes(talker, 1);
  sameNumber(talker.pressures, 2);
}

export function who_takes_nothing_keeps_nobody_waiting(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  owes(talker, 900);
  sameNumber(talker.pressures, 0);
}

export function who_rests_is_not_read_for_a_while(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  talker.connection!.throttle(0.05);
  talker.connection!.throttle(10);
  host.feed(fd, "one\n");
  turn();
  sameNumber(talker.heard.length, 0);
  host.advance(SECOND / 20);
  turn();
  turn();
  same(talker.heard.join(" "), "one");
}

export function a_line_without_an_end_is_read_no_faster_than_lines(): void {
  limits.rate = 2;
  const fd = host.openConnection();
  const talker = join(fd);
  host.feed(fd, "x".repeat(100_000));
  for (let i = 0; i < 5; i++) turn();
  sameNumber(talker.longLines, 1);
  sameNumber(talker.floods, 1);
  assert(watched(fd) == 0);
  for (let i = 0; i < 25 && talker.asked.length == 0; i++) {
    host.advance(SECOND / 2);
    turn();
    turn();
  }
  sameNumber(talker.asked[0], CloseReason.FLOOD);
}
