import { Counters } from "../../../../assembly/chat/admin/counters";
import { Console } from "../../../../assembly/chat/admin/console";
import { CONTROL_BYTES } from "../../../../assembly/chat/admin/control";
import { statisticsJson, statisticsText } from "../../../../assembly/chat/admin/statistics";
import { Tally } from "../../../../assembly/chat/admin/tally";
import { CloseReason } from "../../../../assembly/net/connection/close_reason";
import { Loop } from "../../../../assembly/loop/loop";
import { LoopStatistics } from "../../../../assembly/loop/statistics";
import { Output } from "../../../../assembly/net/stdio/output";
import { Traffic } from "../../../../assembly/net/traffic";
import { STDOUT } from "../../../../assembly/wasi/stdio";
import { chat, enter, log, loop, says, server, turn } from "./support/chat";
import * as host from "./support/host";
import { MILLISECOND, Note, same, sameNumber, SECOND, sent } from "./support/steps";

export function a_tally_counts_by_name(): void {
  const tally = new Tally();
  tally.addName("left");
  same(tally.text(), "none");
  tally.add("left");
  tally.add("quit");
  tally.add("left");
  tally.addName("left");
  same(tally.text(), "left 2, quit 1");
  same(tally.toJson(), '{"left":2,"quit":1}');
  sameNumber(tally.countOf("left"), 2);
  sameNumber(tally.countOf("kicked"), 0);
}

export function every_reason_is_there_from_the_start(): void {
  const counted = new Counters(0);
  assert(counted.closed.toJson().startsWith('{"left":0,"quit":0,'), counted.closed.toJson());
  assert(counted.closed.toJson().includes('"kicked":0'), counted.closed.toJson());
}

export function a_tick_waits_and_then_works(): void {
  const did = new LoopStatistics();
  did.waited(100, 150, 2);
  did.waited(170, 270, 0);
  did.waited(275, 275, 1);
  sameNumber(did.waiting, 150);
  sameNumber(did.working.count, 2);
  sameNumber(did.working.sum, 25);
  sameNumber(did.working.most, 20);
  sameNumber(did.ready.sum, 3);
}

export function a_loop_knows_how_late_its_timers_are(): void {
  const own = new Loop();
  own.callLater(0.001, new Note([], ""));
  own.callSoon(new Note([], ""));
  host.advance(5 * MILLISECOND);
  own.tick();
  sameNumber(own.statistics.lag.count, 1);
  sameNumber(own.statistics.lag.most, 4 * MILLISECOND);
  own.callSoon(new Note([], ""));
  host.advance(7 * MILLISECOND);
  own.tick();
  sameNumber(own.statistics.working.sum, 7 * MILLISECOND);
  sameNumber(own.statistics.ready.count, 2);
  sameNumber(own.selector.polls, 2);
}

export function what_is_said_is_counted(): void {
  const ann = enter();
  enter();
  const reads = Traffic.reads;
  const received = Traffic.received;
  const bytes = Traffic.sends.sum;
  host.forgetSent(ann);
  says(ann, "hello\n");
  sameNumber(Traffic.reads - reads, 1);
  sameNumber(Traffic.received - received, 6);
  sameNumber(Traffic.sends.sum - bytes, 2 * sent(ann).length);
  sameNumber(chat.counters.accepted, 2);
  chat.users.find("client-1")!.connection.close(CloseReason.KICKED);
  turn();
  host.end(ann);
  turn();
  sameNumber(chat.counters.closed.countOf("kicked"), 1);
  const json = statisticsJson(chat);
  assert(
    json.includes('"connections":1,"accepted":2,"messages":1,"messages_written":1,"deliveries":2,'),
    json,
  );
  assert(json.includes('"closed":{"left":0,"quit":0,'), json);
  assert(json.includes('"kicked":1'), json);
}

export function limits_that_are_hit_are_counted(): void {
  const ann = enter();
  says(ann, "x".repeat(16_001) + "\n");
  for (let i = 0; i < 3; i++) enter();
  const limits = chat.counters.limits;
  sameNumber(limits.countOf("long line"), 1);
  sameNumber(limits.countOf("people"), 1);
}

export function who_is_owed_most_is_named(): void {
  const ann = enter();
  const bob = enter();
  host.setRoom(bob, 0);
  says(ann, "hello\n");
  const owed = chat.users.find("client-2")!.connection.outbox.queuedBytes;
  const json = statisticsJson(chat);
  assert(json.includes(`"owed":${owed},"owed_most":${owed},"owed_most_name":"client-2"`), json);
  const text = statisticsText(chat);
  assert(text.includes(`owed         ${owed} bytes, ${owed} of them to client-2\n`), text);
}

export function the_console_has_them_in_words(): void {
  const ann = enter();
  says(ann, "hello\n");
  host.advance(90 * SECOND);
  turn();
  const text = statisticsText(chat);
  assert(text.startsWith("up           90 s\npeople       1 in 1 room\n"), text);
  assert(text.includes("\nlines        1 line, 1 delivery\nbytes in     6 in 1 read\n"), text);
  assert(text.includes("\nclosed       none\nlimits hit   none\nticks        "), text);
}

export function the_launcher_has_them_as_an_object_too(): void {
  enter();
  const out = new Output(loop, STDOUT, CONTROL_BYTES, true);
  new Console(loop, server, out, log, false, true).onConsoleLine("4 stats");
  out.run();
  const text = sent(STDOUT);
  assert(text.startsWith('{"id":4,"text":"up           0 s\\npeople'), text);
  assert(text.includes('","stats":{"uptime":'), text);
  assert(text.endsWith("}}\n"), text);
}
