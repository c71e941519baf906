import { Chunk } from "../../../../assembly/net/sending/chunk";
import { CloseReason } from "../../../../assembly/net/connection/close_reason";
import { LineHandler } from "../../../../assembly/net/connection/line_handler";
import * as host from "./support/host";
import { join, limits, say, set, Talker, turn } from "./support/peers";
import { same, sameNumber, sent, step } from "./support/steps";

export function connections_are_counted_from_their_coming_to_their_reaping(): void {
  sameNumber(set.size, 0);
  const one = join(host.openConnection());
  const two = join(host.openConnection());
  sameNumber(set.size, 2);
  assert(set.get(0) === one.connection && set.get(1) === two.connection);
  one.connection!.close(CloseReason.STOPPING);
  sameNumber(set.size, 2);
  set.turn();
  sameNumber(set.size, 1);
  assert(set.get(0) === two.connection);
}

export function any_of_many_can_go(): void {
  const talkers = new Array<Talker>();
  for (let i = 0; i < 50; i++) talkers.push(join(host.openConnection()));
  while (talkers.length > 0) {
    const talker = talkers.splice(<i32>(host.random() % <u32>talkers.length), 1)[0];
    talker.connection!.close(CloseReason.STOPPING);
    set.turn();
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
  set.turn();
  sameNumber(set.size, 0);
  for (let i = 0; i < 50; i++) sameNumber(talkers[i].closed.length, 1);
}

export function words_to_one_peer_stand_in_order_among_all_that_it_is_owed(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  set.sayTo(talker.connection!, "1\n");
  say(talker.connection!, "2\n");
  set.sayTo(talker.connection!, "3 ü\n");
  set.turn();
  same(sent(fd), "1\n2\n3 ü\n");
  sameNumber(Chunk.bytesInUse, 0);
}

export function words_to_many_peers_do_not_mix(): void {
  const one = host.openConnection();
  const two = host.openConnection();
  const first = join(one);
  const second = join(two);
  for (let i = 0; i < 5; i++) {
    set.sayTo(first.connection!, `first ${i}\n`);
    set.sayTo(second.connection!, `second ${i}\n`);
  }
  set.turn();
  same(sent(one), "first 0\nfirst 1\nfirst 2\nfirst 3\nfirst 4\n");
  same(sent(two), "second 0\nsecond 1\nsecond 2\nsecond 3\nsecond 4\n");
}

export function more_words_than_a_chunk_holds_go_to_the_next(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  for (let i = 0; i < 10; i++) set.sayTo(talker.connection!, "x".repeat(9999) + "\n");
  set.turn();
  sameNumber(sent(fd).length, 100_000);
  sameNumber(Chunk.bytesInUse, 0);
}

export function who_is_queued_twice_is_flushed_once(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 0);
  say(talker.connection!, "hello\n");
  set.queue(talker.connection!);
  set.queue(talker.connection!);
  set.flush();
  sameNumber(host.calls("sock_send"), 1);
}

export function a_flush_that_closes_somebody_sends_the_last_words_in_the_same_turn(): void {
  const fd = host.openConnection();
  const talker = join(fd);
  host.setRoom(fd, 6);
  say(talker.connection!, "abcde\n" + "x".repeat(1000) + "\n");
  set.turn();
  sameNumber(talker.asked.length, 1);
  host.setRoom(fd, -1);
  turn();
  same(sent(fd), "abcde\n* bye\n");
}

export function a_flush_within_a_flush_does_nothing(): void {
  const fd = host.openConnection();
  const talker = new Flusher();
  const connection = set.add(fd, talker);
  host.setRoom(fd, 0);
  say(connection, "x".repeat(1001) + "\n");
  set.flush();
  assert(talker.flushed);
}

/** Flushes when it is asked for its last words, which is in the middle of a flush. */
class Flusher extends LineHandler {
  flushed: bool = false;

  onSource(_address: string): void {}
  onForeignProtocol(_protocol: string): void {}
  onLine(_at: usize, _length: u32): void {}
  onTelnet(_at: usize, _length: u32): void {}
  onAreYouThere(): void {}
  onLongLine(): void {}
  onFlood(_shared: bool): void {}
  onIdle(_secondsLeft: f64): void {}
  onBroken(): void {}
  onBackpressure(): void {}
  onClosed(_reason: CloseReason): void {}

  lastWords(_reason: CloseReason): string | null {
    const before = host.calls("sock_send");
    set.flush();
    this.flushed = host.calls("sock_send") == before;
    return null;
  }
}

export function what_is_said_when_somebody_is_gone_leaves_in_the_same_turn(): void {
  const fd = host.openConnection();
  const listener = join(fd);
  const leaver = new Announcer(listener);
  const gone = set.add(host.openConnection(), leaver);
  gone.close(CloseReason.STOPPING);
  set.turn();
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
  onBroken(): void {}
  onBackpressure(): void {}
  onClosed(_reason: CloseReason): void {
    set.sayTo(this.neighbour.connection!, "somebody is gone\n");
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
  set.turn();
  set.tidy();
  return talkers;
}

export function who_is_owed_most_is_closed_when_memory_is_short(): void {
  const talkers = owing([500, 20_000, 5000]);
  limits.queuedBytes = 70_000;
  assert(set.relieve());
  sameNumber(talkers[1].asked[0], CloseReason.MEMORY);
  sameNumber(talkers[0].asked.length + talkers[2].asked.length, 0);
  set.turn();
  set.tidy();
  assert(!set.relieve());
  sameNumber(talkers[1].connection!.outbox.bytes, 6, "its last words:");
}

export function at_the_limit_nobody_is_closed(): void {
  owing([500, 600]);
  limits.queuedBytes = Chunk.bytesInUse;
  assert(!set.relieve());
  limits.queuedBytes--;
  assert(set.relieve());
}

export function when_nobody_is_owed_anything_there_is_nobody_to_close(): void {
  join(host.openConnection());
  const chunk = Chunk.take();
  limits.queuedBytes = 1;
  assert(!set.relieve());
  chunk.release();
}
