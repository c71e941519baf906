import { Console } from "../../../../assembly/chat/admin/console";
import { REFUSALS_AT_A_TIME, STOP_SECONDS } from "../../../../assembly/chat/limits";
import { Message, TEXT_BYTES_MOST } from "../../../../assembly/chat/delivery/message";
import { Style } from "../../../../assembly/chat/protocol/style";
import { ANSWER_BYTES } from "../../../../assembly/net/connection/connection_limits";
import { Chunk, CHUNK_BYTES } from "../../../../assembly/net/sending/chunk";
import { Output } from "../../../../assembly/net/stdio/output";
import { NAME_BYTES } from "../../../../assembly/text/names";
import { monotonic } from "../../../../assembly/wasi/clock";
import { MFILE, PIPE } from "../../../../assembly/wasi/errno";
import { STDERR, STDOUT } from "../../../../assembly/wasi/stdio";
import {
  admission,
  chat,
  enter,
  enterThroughProxy,
  errors,
  got,
  log,
  loop,
  says,
  server,
  settings,
  turn,
} from "./support/chat";
import * as host from "./support/host";
import { same, sameNumber, SECOND, sent } from "./support/steps";

export function a_line_goes_to_everybody_with_stamp_and_name(): void {
  const ann = enter();
  const bob = enter();
  says(ann, "hello\n");
  same(sent(ann), "1970/01/01 01:00:00 client-1\nhello\n");
  same(sent(bob), "1970/01/01 01:00:00 client-1\nhello\n");
  sameNumber(chat.counters.messages, 1);
  sameNumber(chat.counters.deliveries, 2);
}

export function lines_of_one_tick_keep_their_order_for_everybody(): void {
  const ann = enter();
  const bob = enter();
  host.feed(ann, "1\n2\n");
  host.feed(bob, "3\n");
  turn();
  const text = got(ann);
  same(text, got(bob));
  sameNumber(text.length, 3 * "client-1\n1\n".length);
  assert(text.indexOf("client-1\n1\n") < text.indexOf("client-1\n2\n"), text);
  assert(text.includes("client-2\n3\n"), text);
}

export function an_empty_line_is_nobody_s_business(): void {
  const ann = enter();
  says(ann, "\n\r\n");
  same(got(ann), "");
}

export function what_is_not_fit_for_a_terminal_is_made_so(): void {
  const ann = enter();
  says(ann, "a\u{1b}[31mb\u{202e}c\n");
  same(got(ann), "client-1\na\u241b[31mb\ufffdc\n");
}

export function quit_is_answered_and_the_room_carries_on(): void {
  const ann = enter();
  const bob = enter();
  says(ann, "quit\n");
  same(got(ann), "* goodbye\n");
  host.end(ann);
  turn();
  assert(!host.isOpen(ann));
  says(bob, "still here\n");
  same(got(bob), "client-2\nstill here\n");
  sameNumber(chat.users.size, 1);
}

export function only_quit_is_quit(): void {
  const ann = enter();
  says(ann, "QUIT\nquit \nquits\nqui\n");
  sameNumber(chat.counters.messages, 4);
}

export function a_line_of_the_longest_kind_that_triples_goes_out_whole(): void {
  const ann = enter();
  says(ann, "\u{1}".repeat(16_000) + "\n");
  same(got(ann), "client-1\n" + "\u2401".repeat(16_000) + "\n");
}

export function a_line_that_is_too_long_is_told_to_its_sender_alone(): void {
  const ann = enter();
  const bob = enter();
  says(ann, "x".repeat(16_001) + "\n");
  same(got(ann), "* a line may have 16000 bytes: yours was longer and was not sent\n");
  same(got(bob), "");
}

export function one_more_than_there_is_room_for_is_told_so(): void {
  for (let i = 0; i < 3; i++) enter();
  const late = enter();
  same(got(late), "* closed: the server is full, try again later\n");
  sameNumber(chat.users.size, 3);
  host.end(late);
  turn();
  assert(!host.isOpen(late));
  const again = enter();
  same(got(again), "* closed: the server is full, try again later\n");
}

export function a_full_server_closes_the_oldest_client_that_has_said_nothing_for_a_minute(): void {
  const ann = enter();
  const bob = enter();
  host.advance(30 * SECOND);
  const eve = enter();
  says(ann, "hello\n");
  got(bob);
  got(eve);
  host.advance(30 * SECOND - 1);
  const early = enter();
  same(got(early), "* closed: the server is full, try again later\n");
  host.advance(1);
  const late = enter();
  same(got(bob), "* closed: you have not said anything in time\n");
  same(got(late) + got(eve), "");
  sameNumber(chat.users.size, 3);
  const next = enter();
  same(got(next), "* closed: the server is full, try again later\n");
  host.advance(30 * SECOND);
  enter();
  same(got(eve), "* closed: you have not said anything in time\n");
  assert(host.isOpen(ann) && host.isOpen(late));
}

export function a_place_that_becomes_free_is_given_to_the_next(): void {
  const first = enter();
  enter();
  enter();
  host.end(first);
  turn();
  const next = enter();
  same(got(next), "");
  sameNumber(chat.users.size, 3);
}

export function of_a_crowd_before_the_door_most_are_closed_unheard(): void {
  for (let i = 0; i < 3; i++) enter();
  host.arrive(admission, REFUSALS_AT_A_TIME + 1);
  turn();
  sameNumber(chat.connections.size, 3 + REFUSALS_AT_A_TIME);
  const last = admission + 3 + REFUSALS_AT_A_TIME;
  assert(host.isOpen(last) && !host.isOpen(last + 1));
}

export function a_slow_reader_is_closed_and_the_room_carries_on(): void {
  const slow = enter();
  const ann = enter();
  host.setRoom(slow, 100);
  for (let i = 0; i < 20; i++) {
    // Having taken something, it makes ann wait for a moment.
    host.advance(SECOND / 5);
    says(ann, "x".repeat(15_000) + "\n");
  }
  sameNumber(sent(ann).length, 20 * (20 + 9 + 15_001));
  sameNumber(chat.users.size, 1);
  host.setRoom(slow, -1);
  turn();
  const told = sent(slow);
  assert(told.endsWith("x\n* closed: you read too slowly, and lines for you have been dropped\n"));
}

export function a_client_that_does_not_read_its_answers_is_not_read_on(): void {
  chat.settings.style = Style.LINE;
  chat.settings.connection.rate = 0;
  const deaf = enter();
  const ann = enter();
  for (let i = 0; i < 4; i++) says(ann, "x".repeat(4000) + "\n");
  got(deaf);
  host.setRoom(deaf, 0);
  // One answer has more than 16,000 bytes: the outbox holds 65,536 after the fifth.
  host.feed(deaf, "/history\n".repeat(1000));
  for (let i = 0; i < 10; i++) turn();
  const owed = chat.users.find("client-1")!.connection.outbox.queuedBytes;
  assert(owed >= ANSWER_BYTES && owed < ANSWER_BYTES + 20_000, owed.toString());
  says(ann, "hello\n");
  assert(got(ann).endsWith(" client-2: hello\n"), "others do not wait");
  host.advance(60 * SECOND);
  turn();
  host.setRoom(deaf, -1);
  let answers = 0;
  for (let i = 0; i < 1000; i++) {
    host.advance(1);
    turn();
    answers += got(deaf).split("x\n").length - 1;
  }
  sameNumber(answers, 4 * 1000, "nothing is lost");
}

export function a_client_that_only_speaks_is_read_whatever_it_is_owed(): void {
  chat.settings.style = Style.LINE;
  chat.settings.connection.rate = 0;
  const deaf = enter();
  const ann = enter();
  host.setRoom(deaf, 0);
  for (let i = 0; i < 6; i++) says(ann, "x".repeat(15_000) + "\n");
  assert(chat.users.find("client-1")!.connection.outbox.queuedBytes > ANSWER_BYTES);
  got(ann);
  says(deaf, "one\ntwo\n");
  assert(got(ann).endsWith(" client-1: one\n01:00:00 client-1: two\n"));
  says(deaf, "/ping\nthree\n");
  assert(!got(ann).includes("three"), "it waits after an answer");
}

export function who_whispers_to_a_slow_reader_waits_for_it_too(): void {
  chat.settings.style = Style.LINE;
  chat.settings.connection.rate = 0;
  const slow = enter();
  const ann = enter();
  host.setRoom(slow, 100);
  const whisper = "/msg client-1 " + "x".repeat(15_000) + "\n";
  for (let i = 0; i < 7; i++) says(ann, whisper);
  got(ann);
  says(ann, whisper);
  assert(got(ann).startsWith("[you -> client-1] x"), "it is said, and then she waits");
  says(ann, whisper);
  assert(got(ann) == "", "she does not wait");
  host.advance(SECOND / 20);
  turn();
  turn();
  assert(got(ann).startsWith("[you -> client-1] x"));
}

export function a_broken_connection_leaves_the_room(): void {
  const ann = enter();
  const bob = enter();
  host.reset(bob);
  turn();
  sameNumber(chat.users.size, 1);
  sameNumber(chat.connections.size, 1);
  says(ann, "alone\n");
  sameNumber(chat.counters.deliveries, 1);
}

export function comings_and_goings_are_logged_with_a_reason(): void {
  enter();
  host.forgetSent(STDERR);
  host.arrive(admission, 1);
  turn();
  host.end(admission + 2);
  turn();
  host.reset(admission + 1);
  turn();
  const wanted = [
    "client-2 joined (2 here)",
    "client-2 is gone: left (1 here)",
    "client-1 is gone: connection broken (0 here)",
  ];
  same(sent(STDERR), wanted.join("\n") + "\n");
}

/** Connects a client through a proxy, which sends a header. */
function cameFrom(address: string): u32 {
  const fd = enterThroughProxy();
  says(fd, `PROXY TCP4 ${address} 192.0.2.1 51234 9999\r\n`);
  return fd;
}

export function who_comes_through_a_proxy_is_in_once_the_proxy_has_spoken(): void {
  const ann = enter();
  const bob = enterThroughProxy();
  sameNumber(chat.users.size, 1);
  says(ann, "one\n");
  says(bob, "PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999\r\ntwo\n");
  sameNumber(chat.users.size, 2);
  same(got(bob), "203.0.113.7:51234\ntwo\n");
  same(got(ann), "client-1\none\n203.0.113.7:51234\ntwo\n");
}

export function others_do_not_see_the_address_of_a_client_without_a_name(): void {
  settings.style = Style.LINE;
  settings.showsAddresses = false;
  const ann = enter();
  const bob = cameFrom("203.0.113.7");
  says(bob, "hello\n");
  const name = chat.users.all()[1].user.name;
  assert(name.startsWith("guest-"), name);
  assert(got(ann).endsWith(`* ${name} joined\n01:00:00 ${name}: hello\n`));
  assert(sent(STDERR).startsWith(`${name} from 203.0.113.7:51234 joined (2 here)\n`));
  const next = cameFrom("203.0.113.7");
  assert(got(next).includes("* you are guest-"));
}

export function the_log_has_the_address_that_the_proxy_says(): void {
  const fd = cameFrom("203.0.113.7");
  same(sent(STDERR), "203.0.113.7:51234 joined (1 here)\n");
  host.forgetSent(STDERR);
  host.end(fd);
  turn();
  same(sent(STDERR), "203.0.113.7:51234 is gone: left (0 here)\n");
}

const LOCAL = "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";

export function a_probe_of_a_proxy_is_nobody(): void {
  chat.settings.style = Style.LINE;
  chat.settings.showsAddresses = true;
  const ann = enter();
  got(ann);
  host.forgetSent(STDERR);
  const probe = enterThroughProxy();
  says(probe, LOCAL);
  sameNumber(chat.users.size, 1);
  host.end(probe);
  turn();
  same(got(probe) + got(ann) + sent(STDERR), "");
  const known = cameFrom("203.0.113.7");
  host.end(known);
  turn();
  same(got(ann) + sent(STDERR), "");
  const bare = enterThroughProxy();
  host.end(bare);
  turn();
  same(got(ann) + sent(STDERR), "");
  sameNumber(chat.connections.size, 1);
}

export function a_proxy_that_speaks_for_itself_is_a_client(): void {
  const bob = enterThroughProxy();
  says(bob, LOCAL + "hello\n");
  same(got(bob), "client-1\nhello\n");
  same(sent(STDERR), "client-1 joined (1 here)\n");
  host.end(bob);
  turn();
  assert(sent(STDERR).endsWith("client-1 is gone: left (0 here)\n"));
}

export function whom_the_proxy_does_not_know_has_a_number(): void {
  enter();
  const bob = enterThroughProxy();
  says(bob, "PROXY UNKNOWN\r\nhello\n");
  same(got(bob), "client-2\nhello\n");
}

export function who_forges_a_header_is_told_and_nobody_else_hears_of_it(): void {
  const ann = enter();
  const eve = enter();
  says(eve, "PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999\r\nI am Bob\n");
  same(got(eve), "* closed: a PROXY header is not expected here\n");
  same(got(ann), "");
  host.end(eve);
  turn();
  same(sent(STDERR), "client-2 is gone: proxy header not expected here (1 here)\n");
}

export function who_does_not_speak_as_a_proxy_where_one_must_is_told_nothing(): void {
  const eve = enterThroughProxy();
  says(eve, "hello\n");
  same(got(eve), "");
  host.end(eve);
  turn();
  same(sent(STDERR), "client-1 is gone: malformed proxy header (0 here)\n");
}

export function a_full_house_turns_away_who_comes_through_a_proxy(): void {
  for (let i = 0; i < 3; i++) enter();
  const late = cameFrom("203.0.113.7");
  same(got(late), "* closed: the server is full, try again later\n");
  sameNumber(chat.users.size, 3);
}

export function who_has_not_said_where_it_is_takes_no_place(): void {
  for (let i = 0; i < 3; i++) enterThroughProxy();
  enter();
  sameNumber(chat.users.size, 1);
}

export function a_failed_accept_is_logged_and_tried_again(): void {
  enter();
  host.failAccept(admission, MFILE);
  host.arrive(admission, 1);
  turn();
  turn();
  same(sent(STDERR), "accept: MFILE; trying again in 0.1 s\n");
  host.advance(SECOND);
  turn();
  turn();
  sameNumber(chat.users.size, 2);
}

export function a_stop_says_goodbye_to_everybody_and_ends_the_loop(): void {
  const ann = enter();
  const bob = enter();
  host.feed(ann, "last\n");
  turn();
  server.stop();
  server.stop();
  assert(!host.isOpen(admission));
  const start = monotonic();
  loop.run();
  sameNumber(monotonic(), start);
  same(got(ann), "client-1\nlast\n* closed: the server is stopping\n");
  same(got(bob), "client-1\nlast\n* closed: the server is stopping\n");
  assert(!host.isOpen(ann) && !host.isOpen(bob));
}

export function a_stop_waits_a_bounded_time_for_who_does_not_read(): void {
  const ann = enter();
  host.setRoom(ann, 0);
  server.stop();
  const start = monotonic();
  loop.run();
  sameNumber(monotonic() - start, <i64>(STOP_SECONDS * <f64>SECOND));
}

export function a_stop_with_nobody_there_is_immediate(): void {
  server.listen(admission);
  server.stop();
  const start = monotonic();
  loop.run();
  sameNumber(monotonic(), start);
}

export function what_is_no_listener_is_a_mistake_with_its_reason(): void {
  same(server.listen(99), "cannot listen on fd 99: the descriptor is not open");
}

export function the_console_shows_counts_and_keys(): void {
  const ann = enter();
  const out = new Output(loop, STDOUT);
  out.open();
  const console = new Console(loop, server, out, log, false);
  console.showPrompt();
  says(ann, "hello\n");
  console.onConsoleLine("how are you");
  out.run();
  const text = sent(STDOUT);
  assert(text.startsWith(">>------------------------------\n"), text);
  assert(text.includes("1 client, 1 connection\n1 line, 1 delivery, "), text);
  assert(text.includes(`selector: poll_oneoff (verified), 2 keys\n`), text);
  assert(text.includes(`  SelectorKey(fd=${ann}, events=1)\n`), text);
  assert(text.endsWith("------------------------------\n>>"), text);
}

export function the_console_shows_no_more_keys_than_fit(): void {
  enter();
  host.arrive(admission, 30);
  turn();
  const out = new Output(loop, STDOUT);
  const console = new Console(loop, server, out, log, false);
  console.onConsoleLine("");
  out.run();
  sameNumber(sent(STDOUT).split("SelectorKey").length - 1, 20);
  assert(sent(STDOUT).includes("  and 12 more\n"), sent(STDOUT));
}

/** Returns the console's answer, without the prompt. */
function answer(typed: string): string {
  const out = new Output(loop, STDOUT);
  out.open();
  host.forgetSent(STDOUT);
  new Console(loop, server, out, log, false).onConsoleLine(typed);
  out.run();
  const text = sent(STDOUT);
  return text.substring(0, text.length - 2);
}

export function an_operator_sees_who_is_where(): void {
  chat.settings.style = Style.LINE;
  const ann = enter();
  enter();
  says(ann, "/nick ann\n/join garden\n/topic roses\n");
  got(ann);
  host.advance(5 * SECOND);
  turn();
  same(
    answer("clients"),
    "client-2 in lobby, 5 s, owed 0 bytes\nann in garden, 5 s, owed 0 bytes\n",
  );
  same(answer(" rooms "), "lobby (1)\ngarden (1): roses\n");
  same(answer("closed"), "nobody has been closed yet\n");
  assert(answer("help").includes("kick NAME [WHY] "));
}

export function an_operator_sends_people_away(): void {
  const ann = enter();
  same(answer("kick"), "kick is used like this: kick NAME [WHY]\n");
  same(answer("kick nobody"), "nobody is called nobody\n");
  same(answer("kick CLIENT-1  be kind "), "client-1 is kicked\n");
  turn();
  same(got(ann), "* be kind\n* closed: an operator has sent you away\n");
  host.end(ann);
  turn();
  same(answer("closed"), "client-1: kicked, 0 s ago\n");
}

export function an_operator_speaks_to_everybody(): void {
  const ann = enter();
  chat.settings.style = Style.LINE;
  const bob = enter();
  says(bob, "/style json\n/join garden\n");
  got(bob);
  same(answer("say"), "say is used like this: say TEXT\n");
  same(answer("say back at noon"), "told 2 people\n");
  turn();
  same(got(ann), "* server: back at noon\n");
  same(got(bob), '{"type":"server","text":"back at noon"}\n');
}

export function quit_at_the_console_stops_the_server(): void {
  server.listen(admission);
  const console = new Console(loop, server, errors, log, false);
  console.onConsoleLine(" quit ");
  loop.run();
  assert(!host.isOpen(admission));
}

export function the_end_of_the_console_stops_the_server_only_if_asked(): void {
  server.listen(admission);
  new Console(loop, server, errors, log, false).onConsoleEnd();
  assert(host.isOpen(admission));
  errors.run();
  same(sent(STDERR), "console: closed; the server goes on, stop it with a signal\n");
  new Console(loop, server, errors, log, true).onConsoleEnd();
  assert(!host.isOpen(admission));
}

export function memory_does_not_grow_with_what_is_said(): void {
  const ann = enter();
  const bob = enter();
  for (let i = 0; i < 50; i++) exchange(ann, bob);
  const pages = memory.size();
  for (let i = 0; i < 1000; i++) exchange(ann, bob);
  assert(memory.size() - pages < 32, "memory grows");
  sameNumber(Chunk.bytesInUse, 0);
}

function exchange(ann: u32, bob: u32): void {
  says(ann, "hello from ann\nand more\n");
  host.forgetSent(ann);
  host.forgetSent(bob);
}

export function the_longest_line_fits_a_chunk_in_any_style(): void {
  const message = new Message();
  message.roomBytes = NAME_BYTES;
  message.fromBytes = NAME_BYTES;
  message.textBytes = TEXT_BYTES_MOST;
  const styles = [Style.TUTORIAL, Style.LINE, Style.JSON];
  for (let i = 0; i < styles.length; i++) {
    assert(chat.protocols.withStyle(styles[i]).mostBytes(message) <= CHUNK_BYTES);
  }
}

export function what_an_operator_says_is_made_safe(): void {
  const ann = enter();
  answer("say hi\u{1b}[D");
  turn();
  same(got(ann), "* server: hi\u241b[D\n");
}

export function who_breaks_while_it_is_spoken_of_is_gone_once(): void {
  chat.settings.style = Style.LINE;
  chat.settings.connection.rate = 0;
  const ann = enter();
  const bob = enter();
  const topic = "/topic " + "x".repeat(300) + "\n";
  // All but a few bytes of a chunk, so that the last words do not fit.
  let filled = 0;
  const each = `* client-2 set the topic: ${"x".repeat(300)}\n`.length;
  let text = "";
  for (; filled + each <= <i32>CHUNK_BYTES; filled += each) text += topic;
  const left = <i32>CHUNK_BYTES - filled - each + 300;
  if (left > 0) text += "/topic " + "y".repeat(left) + "\n";
  host.failSend(bob, PIPE);
  host.feed(bob, text + "/quit\n");
  turn();
  turn();
  const log = sent(STDERR);
  sameNumber(log.split("client-2 is gone").length, 2, log);
  sameNumber(chat.connections.size, 1);
  assert(host.isOpen(ann));
}
