import { Chunk } from "../../../../assembly/net/sending/chunk";
import { Outbox } from "../../../../assembly/net/sending/outbox";
import { CONNRESET, PIPE } from "../../../../assembly/wasi/errno";
import * as host from "./support/host";
import { same, sameNumber, sent, step } from "./support/steps";

/** Writes a text to a chunk and owes it. */
function owe(outbox: Outbox, chunk: Chunk, text: string): void {
  const from = chunk.length;
  chunk.addWritten(
    <u32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, chunk.endAddress),
  );
  outbox.appendPiece(chunk, from, chunk.length);
}

export function an_empty_outbox_sends_nothing(): void {
  const fd = host.openConnection();
  sameNumber(new Outbox(fd).flush(), 0);
  sameNumber(host.calls("sock_send"), 0);
}

export function pieces_are_sent_in_order_in_one_call(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  const one = Chunk.takeEmpty();
  const two = Chunk.takeEmpty();
  owe(outbox, one, "a1\n");
  owe(outbox, two, "b1\n");
  owe(outbox, one, "a2\n");
  sameNumber(outbox.queuedBytes, 9);
  step();
  sameNumber(outbox.flush(), 0);
  same(sent(fd), "a1\nb1\na2\n");
  sameNumber(outbox.queuedBytes, 0);
  sameNumber(host.calls("sock_send"), 1);
}

export function few_pieces_that_have_much_are_sent_before_the_others(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  for (let i = 0; i < 3; i++) {
    const chunk = Chunk.takeLarge();
    chunk.addWritten(200_000);
    outbox.appendPiece(chunk, 0, chunk.length);
    chunk.release();
  }
  step();
  sameNumber(outbox.flush(), 0);
  sameNumber(outbox.queuedBytes, 0);
  sameNumber(host.calls("sock_send"), 2);
  sameNumber(Chunk.bytesInUse, 0);
}

export function neighbours_in_one_chunk_are_one_piece(): void {
  const outbox = new Outbox(host.openConnection());
  const chunk = Chunk.takeEmpty();
  owe(outbox, chunk, "one\n");
  owe(outbox, chunk, "two\n");
  // Held once by the writer and once by the outbox: after one release nobody shares it.
  chunk.release();
  assert(!chunk.isShared);
}

export function a_gap_or_another_chunk_between_them_makes_two_pieces(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  const chunk = Chunk.takeEmpty();
  owe(outbox, chunk, "one\n");
  chunk.addWritten(4);
  owe(outbox, chunk, "two\n");
  chunk.release();
  assert(chunk.isShared);
  outbox.flush();
  same(sent(fd), "one\ntwo\n");
  sameNumber(Chunk.bytesInUse, 0);
}

export function nothing_is_owed_for_an_empty_piece(): void {
  const outbox = new Outbox(host.openConnection());
  const chunk = Chunk.takeEmpty();
  outbox.appendPiece(chunk, 0, 0);
  sameNumber(outbox.queuedBytes, 0);
  assert(!chunk.isShared);
}

export function a_send_may_stop_at_every_byte(): void {
  const text = "one\ntwo\nthree\n";
  for (let room = 0; room <= text.length; room++) {
    const fd = host.openConnection();
    const outbox = new Outbox(fd);
    const one = Chunk.takeEmpty();
    const two = Chunk.takeEmpty();
    owe(outbox, one, "one\n");
    owe(outbox, two, "two\n");
    owe(outbox, one, "three\n");
    host.setRoom(fd, room);
    sameNumber(outbox.flush(), 0);
    same(sent(fd), text.substring(0, room));
    sameNumber(outbox.queuedBytes, text.length - room);
    step();
    host.setRoom(fd, -1);
    sameNumber(outbox.flush(), 0);
    same(sent(fd), text);
    one.release();
    two.release();
    sameNumber(Chunk.bytesInUse, 0, "reference counts:");
  }
}

export function one_byte_at_a_time_arrives_whole(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  const chunk = Chunk.takeEmpty();
  host.setRoom(fd, 0);
  let wanted = "";
  for (let i = 0; i < 100; i++) {
    owe(outbox, chunk, `line ${i}\n`);
    wanted += `line ${i}\n`;
    host.setRoom(fd, 1);
    outbox.flush();
  }
  while (outbox.queuedBytes > 0) {
    host.setRoom(fd, 1);
    sameNumber(outbox.flush(), 0);
  }
  same(sent(fd), wanted);
}

export function a_short_send_ends_the_attempt(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  owe(outbox, Chunk.takeEmpty(), "hello\n");
  host.setSendMost(fd, 2);
  sameNumber(outbox.flush(), 0);
  sameNumber(host.calls("sock_send"), 1);
  sameNumber(outbox.queuedBytes, 4);
}

export function a_full_socket_is_no_error(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  owe(outbox, Chunk.takeEmpty(), "hello\n");
  host.setRoom(fd, 0);
  sameNumber(outbox.flush(), 0);
  sameNumber(outbox.queuedBytes, 6);
}

export function a_broken_connection_is_an_error_and_clear_lets_go(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  const chunk = Chunk.takeEmpty();
  owe(outbox, chunk, "hello\n");
  host.failSend(fd, CONNRESET);
  sameNumber(outbox.flush(), -CONNRESET);
  host.failSend(fd, PIPE);
  sameNumber(outbox.flush(), -PIPE);
  chunk.release();
  outbox.clear();
  sameNumber(outbox.queuedBytes, 0);
  sameNumber(Chunk.bytesInUse, 0);
  outbox.clear();
  sameNumber(outbox.flush(), 0);
}

export function more_pieces_than_one_call_takes_are_sent_in_several(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  const one = Chunk.takeEmpty();
  const two = Chunk.takeEmpty();
  let wanted = "";
  for (let i = 0; i < 500; i++) {
    owe(outbox, i % 2 ? one : two, `${i}\n`);
    wanted += `${i}\n`;
  }
  sameNumber(outbox.flush(), 0);
  same(sent(fd), wanted);
  sameNumber(host.calls("sock_send"), 8);
  one.release();
  two.release();
  sameNumber(Chunk.bytesInUse, 0);
}

export function many_pieces_with_full_sockets_in_between_keep_their_order(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  const one = Chunk.takeEmpty();
  const two = Chunk.takeEmpty();
  let wanted = "";
  for (let i = 0; i < 1000; i++) {
    owe(outbox, i % 2 ? one : two, `${i}\n`);
    wanted += `${i}\n`;
    host.setRoom(fd, host.random() % 6);
    sameNumber(outbox.flush(), 0);
    if (i % 100 == 0) step();
  }
  host.setRoom(fd, -1);
  outbox.flush();
  same(sent(fd), wanted);
  one.release();
  two.release();
  sameNumber(Chunk.bytesInUse, 0);
}

/** Owes three lines in two chunks, sends `room` bytes of them, drops the rest, and says goodbye. */
function dropped(room: i32): string {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  const one = Chunk.takeEmpty();
  const two = Chunk.takeEmpty();
  owe(outbox, one, "one\n");
  owe(outbox, one, "two\n");
  owe(outbox, two, "three\n");
  host.setRoom(fd, room);
  outbox.flush();
  outbox.dropAfterLine();
  step();
  owe(outbox, two, "bye\n");
  host.setRoom(fd, -1);
  sameNumber(outbox.flush(), 0);
  sameNumber(outbox.queuedBytes, 0);
  one.release();
  two.release();
  sameNumber(Chunk.bytesInUse, 0, "reference counts:");
  return sent(fd);
}

export function what_is_dropped_ends_with_a_whole_line_wherever_it_is_cut(): void {
  const wanted = [
    "bye\n",
    "one\nbye\n",
    "one\nbye\n",
    "one\nbye\n",
    "one\nbye\n",
    "one\ntwo\nbye\n",
    "one\ntwo\nbye\n",
    "one\ntwo\nbye\n",
    "one\ntwo\nbye\n",
    "one\ntwo\nthree\nbye\n",
    "one\ntwo\nthree\nbye\n",
    "one\ntwo\nthree\nbye\n",
    "one\ntwo\nthree\nbye\n",
    "one\ntwo\nthree\nbye\n",
    "one\ntwo\nthree\nbye\n",
  ];
  for (let room = 0; room < wanted.length; room++) same(dropped(room), wanted[room], `${room}:`);
}

export function a_line_whose_rest_goes_in_two_parts_can_be_dropped_after_twice(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  const chunk = Chunk.takeEmpty();
  owe(outbox, chunk, "abcdef\n");
  owe(outbox, chunk, "gone\n");
  host.setRoom(fd, 2);
  outbox.flush();
  outbox.dropAfterLine();
  sameNumber(outbox.queuedBytes, 5);
  outbox.dropAfterLine();
  sameNumber(outbox.queuedBytes, 5);
  host.setRoom(fd, 2);
  outbox.flush();
  outbox.dropAfterLine();
  sameNumber(outbox.queuedBytes, 3);
  host.setRoom(fd, -1);
  outbox.flush();
  same(sent(fd), "abcdef\n");
}

export function to_drop_from_an_empty_outbox_is_nothing(): void {
  const outbox = new Outbox(host.openConnection());
  outbox.dropAfterLine();
  sameNumber(outbox.queuedBytes, 0);
}

export function a_line_that_was_sent_in_two_parts_leaves_the_next_one_to_be_dropped(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  owe(outbox, Chunk.takeEmpty(), "one\n");
  owe(outbox, Chunk.takeEmpty(), "two\n");
  host.setRoom(fd, 2);
  outbox.flush();
  host.setRoom(fd, 2);
  outbox.flush();
  same(sent(fd), "one\n");
  outbox.dropAfterLine();
  sameNumber(outbox.queuedBytes, 0);
}

/** A chunk whose writer has let go, with `bytes` bytes besides what this outbox is owed of it. */
function oweLittle(outbox: Outbox, text: string, bytes: u32): void {
  const chunk = Chunk.takeEmpty();
  chunk.addWritten(bytes / 2);
  owe(outbox, chunk, text);
  chunk.addWritten(bytes / 2);
  chunk.release();
}

export function few_bytes_do_not_keep_large_chunks(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  let wanted = "";
  for (let i = 0; i < 300; i++) {
    const text = `line number ${i} of those that are owed\n`;
    oweLittle(outbox, text, 60_000);
    wanted += text;
    outbox.copySmallPieces();
  }
  sameNumber(outbox.queuedBytes, wanted.length);
  assert(Chunk.bytesInUse < 20_000, Chunk.bytesInUse.toString());
  assert(outbox.memoryShare < 20_000);
  step();
  outbox.flush();
  same(sent(fd), wanted);
  sameNumber(Chunk.bytesInUse, 0);
}

export function many_pieces_are_tidied_at_once_in_order(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  for (let i = 0; i < 10; i++) oweLittle(outbox, `${i} small\n`, 60_000);
  const large = Chunk.takeEmpty();
  owe(outbox, large, "x".repeat(30_000) + "\n");
  large.release();
  for (let i = 0; i < 10; i++) oweLittle(outbox, `${i} again\n`, 60_000);
  outbox.copySmallPieces();
  outbox.copySmallPieces();
  assert(Chunk.bytesInUse < 80_000);
  outbox.flush();
  const text = sent(fd);
  assert(text.startsWith("0 small\n1 small\n2 small\n"));
  assert(text.endsWith("x\n0 again\n1 again\n2 again\n3 again\n4 again\n" + text.slice(-40)));
  sameNumber(text.length, 20 * 8 + 30_001);
}

export function what_many_hold_is_left_where_it_is(): void {
  const one = new Outbox(host.openConnection());
  const two = new Outbox(host.openConnection());
  const chunk = Chunk.takeEmpty();
  owe(one, chunk, "x".repeat(9000) + "\n");
  two.appendPiece(chunk, 0, 9001);
  chunk.release();
  one.copySmallPieces();
  two.copySmallPieces();
  sameNumber(Chunk.bytesInUse, 65_536);
  sameNumber(one.memoryShare, 32_768);
}

export function a_line_that_is_cut_is_finished_after_it_has_been_copied(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  const chunk = Chunk.takeEmpty();
  owe(outbox, chunk, "y".repeat(60_000) + "\nhalf a line\nanother\n");
  chunk.release();
  host.setRoom(fd, 60_005);
  outbox.flush();
  outbox.copySmallPieces();
  assert(Chunk.bytesInUse <= 4096);
  step();
  outbox.dropAfterLine();
  const words = Chunk.takeEmpty();
  owe(outbox, words, "* bye\n");
  words.release();
  host.setRoom(fd, -1);
  outbox.flush();
  assert(sent(fd).endsWith("y\nhalf a line\n* bye\n"), sent(fd).slice(-40));
  sameNumber(Chunk.bytesInUse, 0);
}

export function what_has_been_taken_is_counted(): void {
  const fd = host.openConnection();
  const outbox = new Outbox(fd);
  const chunk = Chunk.takeEmpty();
  owe(outbox, chunk, "one\ntwo\n");
  host.setRoom(fd, 5);
  outbox.flush();
  sameNumber(outbox.sentBytes, 5);
  host.setRoom(fd, -1);
  outbox.flush();
  sameNumber(outbox.sentBytes, 8);
  chunk.release();
}

export function the_rest_of_what_has_been_sent_straight_away_is_owed(): void {
  const text = "one\ntwo\n";
  for (let room = 0; room <= text.length; room++) {
    const fd = host.openConnection();
    const outbox = new Outbox(fd);
    const chunk = Chunk.takeEmpty();
    chunk.addWritten(
      <u32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, chunk.endAddress),
    );
    outbox.appendRest(chunk, 0, chunk.length, room);
    sameNumber(outbox.queuedBytes, text.length - room);
    sameNumber(outbox.sentBytes, room);
    sameNumber(chunk.isShared ? 1 : 0, room < text.length ? 1 : 0);
    outbox.dropAfterLine();
    const lineEnd = text.indexOf("\n", max(room - 1, 0)) + 1;
    const rest = room == 0 ? 0 : lineEnd - room;
    sameNumber(outbox.queuedBytes, rest, "the rest of a line that the peer has part of:");
    outbox.flush();
    same(sent(fd), text.substring(room, room + rest));
    chunk.release();
    sameNumber(Chunk.bytesInUse, 0, "reference counts:");
  }
}
