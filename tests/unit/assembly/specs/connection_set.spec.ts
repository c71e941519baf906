import { Chunk, CHUNK_BYTES } from "../../../../assembly/net/sending/chunk";
import { CloseReason } from "../../../../assembly/net/connection/close_reason";
import { Connection, ConnectionOwner } from "../../../../assembly/net/connection/connection";
import { ConnectionServices } from "../../../../assembly/net/connection/connection_services";
import { InputOwner } from "../../../../assembly/net/connection/input_owner";
import { LineHandler } from "../../../../assembly/net/connection/line_handler";
import * as host from "./support/host";
import { join, limits, loop, say, set, Talker, turn } from "./support/peers";
import { same, sameNumber, sent, step } from "./support/steps";

export function connections_are_counted_from_their_coming_to_their_reaping(): void {
  sameNumber(set.size, 0);
  const one = join(host.openConnection());
  const two = join(host.openConnection());
  sameNumber(set.size, 2);
  assert(set.get(0) === one.connection && set.get(1) === two.connection);
  one.connection!.close(CloseReason.STOPPING);
  sameNumber(set.size, 2);
  set.finishTick();
  sameNumber(set.size, 1);
  assert(set.get(0) === two.connection);
}

export function a_set_is_what_its_connections_share_and_their_owner(): void {
  const shared: ConnectionServices = set;
  assert(shared.loop === loop && shared.limits === limits);
  const fd = host.openConnection();
  const talker = join(fd);
  const owner: ConnectionOwner = set;
  owner.sendText(talker.connection!, "hello\n");
  owner.flushOne(talker.connection!);
  same(sent(fd), "hello\n");
}

export function an_input_asks_its_owner_for_the_state(): void {
  const owner: InputOwner = join(host.openConnection()).connection!;
  assert(owner.isOpen && owner.isActive);
  owner.mark = CloseReason.SLOW;
  assert(owner.isOpen && !owner.isActive);
  owner.mark = CloseReason.NONE;
  owner.close(CloseReason.STOPPING);
  assert(!owner.isOpen && !owner.isActive);
}

export function any_of_many_can_go(): void {
  const talkers = new Array<Talker>();
  for (let i = 0; i < 50; i++) talkers.push(join(host.openConnection()));
  while (talkers.length > 0) {
    const talker = talkers.splice(<i32>(host.random() % <u32>talkers.length), 1)[0];
    talker.connection!.close(CloseReason.STOPPING);
    set.finishTick();
    step();
    sameNumber(talker.closed.length, 1);
    sameNumber(set.size, talkers.length);
    for (let i = 0; i < set.size; i++) assert(set.get(i).isOpen);
  }
}

export function all_can_go_at_once(): void {
  const talkers = new Array<Talker>();
  for (let i = 0; i < 50; i++) talkers.push(join(host.openConnection()));
  for (let i = 0; i < 50; i++) talkers[i].connection!.close(CloseReason.STOPPING);
  set.finishTick();
  sameNumber(set.size, 0);
  for (let i = 0; i < 50; i++) sameNumber(talkers[i].closed.length, 1);
}

export function words_to_one_peer_stand_in_order_among_all_that_it_is_owed(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  set.sendText(talker.connection!, "1\n");
  say(talker.connection!, "2\n");
  set.sendText(talker.connection!, "3 ü\n");
  set.finishTick();
  same(sent(fd), "1\n2\n3 ü\n");
  sameNumber(Chunk.bytesInUse, 0);
}

export function words_to_many_peers_do_not_mix(): void {
  const one = host.openConnection();
  const two = host.openConnection();
  const first = join(one);
  const second = join(two);
  for (let i = 0; i < 5; i++) {
    set.sendText(first.connection!, `first ${i}\n`);
    set.sendText(second.connection!, `second ${i}\n`);
  }
  set.finishTick();
  same(sent(one), "first 0\nfirst 1\nfirst 2\nfirst 3\nfirst 4\n");
  same(sent(two), "second 0\nsecond 1\nsecond 2\nsecond 3\nsecond 4\n");
}

export function more_words_than_a_chunk_holds_go_to_the_next(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  for (let i = 0; i < 10; i++) set.sendText(talker.connection!, "x".repeat(9999) + "\n");
  set.finishTick();
  sameNumber(sent(fd).length, 100_000);
  sameNumber(Chunk.bytesInUse, 0);
}

export function who_is_queued_twice_is_flushed_once(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  say(talker.connection!, "hello\n");
  set.queueFlush(talker.connection!);
  set.queueFlush(talker.connection!);
  set.flush();
  sameNumber(host.calls("sock_send"), 1);
}

export function a_flush_that_closes_somebody_sends_the_last_words_in_the_same_turn(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 6);
  say(talker.connection!, "abcde\n" + "x".repeat(1000) + "\n");
  set.finishTick();
  sameNumber(talker.asked.length, 1);
  host.setRoom(fd, -1);
  turn();
  same(sent(fd), "abcde\n* bye\n");
}

export function a_text_longer_than_a_chunk_has_a_chunk_of_its_own(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  limits.hardBytes = 1_000_000;
  const text = "x".repeat(<i32>CHUNK_BYTES + 1);
  set.sendText(talker.connection!, "before\n");
  set.sendText(talker.connection!, text);
  set.sendText(talker.connection!, "behind\n");
  set.finishTick();
  sameNumber(sent(fd).length, CHUNK_BYTES + 1 + 14);
  sameNumber(Chunk.bytesInUse, 0);
}

export function a_flush_closes_nobody_but_marks_who_is_to_be_closed(): void {
  const slow = host.openConnection();
  const reset = host.openConnection();
  const first = join(slow);
  const second = join(reset);
  host.setRoom(slow, 0);
  say(first.connection!, "x".repeat(1001) + "\n");
  say(second.connection!, "lost\n");
  host.reset(reset);
  set.flush();
  assert(first.connection!.isOpen && second.connection!.isOpen);
  assert(!first.connection!.isActive && !second.connection!.isActive);
  sameNumber(first.asked.length + second.asked.length, 0);
  sameNumber(first.connection!.mark, CloseReason.SLOW);
  sameNumber(second.connection!.mark, CloseReason.BROKEN);
  set.finishTick();
  sameNumber(first.asked[0], CloseReason.SLOW);
  sameNumber(second.closed[0], CloseReason.BROKEN);
}

export function a_marked_connection_that_is_closed_by_another_reason_keeps_that(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  say(talker.connection!, "x".repeat(1001) + "\n");
  set.flush();
  talker.connection!.close(CloseReason.KICKED);
  set.finishTick();
  sameNumber(talker.asked.length, 1);
  sameNumber(talker.asked[0], CloseReason.KICKED);
}

/** The order in which connections are closed. */
const order = new Array<i32>();

export function what_is_marked_in_one_tick_is_closed_in_the_order_of_arrival(): void {
  const connections: Array<Connection> = [];
  for (let i = 0; i < 3; i++) {
    const fd = host.openConnection();
    host.setRoom(fd, 0);
    connections.push(set.add(fd, new Leaver(i)));
  }
  for (let i = 2; i >= 0; i--) say(connections[i], "x".repeat(1001) + "\n");
  set.finishTick();
  same(order.join(" "), "0 1 2");
}

class Leaver extends LineHandler {
  constructor(private number: i32) {
    super();
  }

  onSource(_address: string): void {}
  onForeignProtocol(_protocol: string): void {}
  onLine(_at: usize, _length: u32): void {}
  onTelnet(_at: usize, _length: u32): void {}
  onAreYouThere(): void {}
  onLongLine(): void {}
  onFlood(_shared: bool): void {}
  onIdle(_secondsLeft: f64): void {}
  onBackpressure(): void {}
  onLeft(): void {}
  onClosed(_reason: CloseReason): void {}

  lastWords(_reason: CloseReason): string | null {
    order.push(this.number);
    return null;
  }
}

export function what_is_said_when_somebody_is_gone_leaves_in_the_same_turn(): void {
  const fd = host.openConnection();
  const listener = join(fd);
  const leaver = new Announcer(listener);
  const gone = set.add(host.openConnection(), leaver);
  gone.close(CloseReason.STOPPING);
  set.finishTick();
  same(sent(fd), "somebody is gone\n");
}

/** Tells a neighbour that it is gone. */
class Announcer extends LineHandler {
  constructor(private neighbour: Talker) {
    super();
  }

  onSource(_address: string): void {}
  onForeignProtocol(_protocol: string): void {}
  onLine(_at: usize, _length: u32): void {}
  onTelnet(_at: usize, _length: u32): void {}
  onAreYouThere(): void {}
  onLongLine(): void {}
  onFlood(_shared: bool): void {}
  onIdle(_secondsLeft: f64): void {}
  onBackpressure(): void {}
  onLeft(): void {}
  onClosed(_reason: CloseReason): void {
    set.sendText(this.neighbour.connection!, "somebody is gone\n");
  }

  lastWords(_reason: CloseReason): string | null {
    return null;
  }
}

/** Three who read nothing, and are owed this much; anybody may be owed 100,000 bytes. */
function owing(bytes: Array<i32>): Array<Talker> {
  limits.softBytes = 100_000;
  limits.hardBytes = 100_000;
  const talkers: Array<Talker> = [];
  for (let i = 0; i < bytes.length; i++) {
    const fd = host.openConnection();
    host.setRoom(fd, 0);
    talkers.push(join(fd));
    say(talkers[i].connection!, "x".repeat(bytes[i] - 1) + "\n");
  }
  set.finishTick();
  set.tidyOutboxes();
  return talkers;
}

export function who_is_owed_most_is_closed_when_memory_is_short(): void {
  const talkers = owing([500, 20_000, 5000]);
  limits.queuedBytes = 70_000;
  assert(set.relieveMemory());
  sameNumber(talkers[1].asked[0], CloseReason.MEMORY);
  sameNumber(talkers[0].asked.length + talkers[2].asked.length, 0);
  set.finishTick();
  set.tidyOutboxes();
  assert(!set.relieveMemory());
  sameNumber(talkers[1].connection!.outbox.queuedBytes, 6, "its last words:");
}

export function at_the_limit_nobody_is_closed(): void {
  owing([500, 600]);
  limits.queuedBytes = Chunk.bytesInUse;
  assert(!set.relieveMemory());
  limits.queuedBytes--;
  assert(set.relieveMemory());
}

export function when_nobody_is_owed_anything_there_is_nobody_to_close(): void {
  join(host.openConnection());
  const chunk = Chunk.takeEmpty();
  limits.queuedBytes = 1;
  assert(!set.relieveMemory());
  chunk.release();
}
