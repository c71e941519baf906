import { History, HISTORY_BYTES } from "../../../../assembly/chat/rooms/history";
import { Message, MessageKind } from "../../../../assembly/chat/delivery/message";
import { random } from "./support/host";
import { same, sameNumber, step } from "./support/steps";

const line = new Message();
let from = new ArrayBuffer(0);
let text = new ArrayBuffer(0);

function add(history: History, id: u64, words: string): void {
  from = String.UTF8.encode(`n${id}`);
  text = String.UTF8.encode(words);
  line.kind = id % 2 == 0 ? MessageKind.MESSAGE : MessageKind.ACTION;
  line.id = id;
  line.milliseconds = <i64>id * 10;
  line.from = changetype<usize>(from);
  line.fromBytes = <u32>from.byteLength;
  line.text = changetype<usize>(text);
  line.textBytes = <u32>text.byteLength;
  history.addMessage(line);
}

/** The ids from a place on; each record must be whole. */
function ids(history: History, place: u32): string {
  const found: string[] = [];
  while (history.hasRecordAt(place)) {
    place = history.readRecord(place, line);
    same(String.UTF8.decodeUnsafe(line.from, line.fromBytes), `n${line.id}`);
    sameNumber(line.milliseconds, <i64>line.id * 10);
    sameNumber(line.kind, line.id % 2 == 0 ? MessageKind.MESSAGE : MessageKind.ACTION);
    found.push(line.id.toString());
  }
  return found.join(" ");
}

export function an_empty_history_has_nothing(): void {
  const history = new History(5);
  same(ids(history, history.offsetOfNewest(0)), "");
  same(ids(history, history.offsetAfter(0)), "");
}

export function the_newest_are_kept(): void {
  const history = new History(3);
  for (let id: u64 = 1; id <= 5; id++) add(history, id, "x");
  same(ids(history, history.offsetOfNewest(3)), "3 4 5");
  same(ids(history, history.offsetOfNewest(1)), "5");
  same(ids(history, history.offsetOfNewest(0)), "");
  same(ids(history, history.offsetAfter(3)), "4 5");
  same(ids(history, history.offsetAfter(0)), "3 4 5");
  same(ids(history, history.offsetAfter(9)), "");
  sameNumber(history.forgottenId, 2);
}

export function no_lines_are_none(): void {
  const history = new History(0);
  add(history, 1, "x");
  sameNumber(history.count, 0);
}

export function a_bound_that_is_changed_holds_from_the_next_line(): void {
  const history = new History(3);
  for (let id: u64 = 1; id <= 3; id++) add(history, id, "x");
  history.lines = 2;
  add(history, 4, "x");
  same(ids(history, history.offsetAfter(0)), "3 4");
  history.lines = 0;
  add(history, 5, "x");
  same(ids(history, history.offsetAfter(0)), "");
  sameNumber(history.forgottenId, 5);
  history.lines = 3;
  add(history, 6, "x");
  same(ids(history, history.offsetAfter(0)), "6");
}

export function words_come_back_as_they_were(): void {
  const history = new History(5);
  add(history, 2, "hello wörld");
  history.readRecord(history.offsetOfNewest(1), line);
  same(String.UTF8.decodeUnsafe(line.text, line.textBytes), "hello wörld");
}

export function bytes_are_bounded_too(): void {
  const history = new History(10_000);
  const long = "x".repeat(<i32>HISTORY_BYTES / 3);
  for (let id: u64 = 1; id <= 9; id++) add(history, id, long);
  same(ids(history, history.offsetAfter(0)), "8 9");
  add(history, 10, "x".repeat(<i32>HISTORY_BYTES - 40));
  same(ids(history, history.offsetAfter(0)), "10");
}

export function any_sequence_keeps_the_newest_whole_and_in_order(): void {
  const history = new History(40);
  let id: u64 = 0;
  for (let i = 0; i < 2000; i++) {
    add(history, ++id, "y".repeat(random() % (random() % 8 == 0 ? 9000 : 60)));
    const place = history.offsetOfNewest(history.count);
    const all = ids(history, place).split(" ");
    sameNumber(all.length, history.count);
    same(all[all.length - 1], id.toString());
    same(all[0], (history.forgottenId + 1).toString());
    if (i % 100 == 0) step();
  }
}

export function what_is_freed_can_begin_again(): void {
  const history = new History(5);
  add(history, 1, "x");
  history.dropAll();
  sameNumber(history.count, 0);
  add(history, 2, "y");
  same(ids(history, history.offsetOfNewest(5)), "2");
}

export function memory_of_all_is_counted(): void {
  const one = new History(1000);
  const two = new History(1000);
  for (let id: u64 = 1; id <= 100; id++) add(one, id, "x".repeat(100));
  add(two, 101, "x");
  sameNumber(History.bytesInUse, one.memoryBytes + two.memoryBytes);
  assert(one.memoryBytes > two.memoryBytes && two.memoryBytes > 0);
  one.dropAll();
  sameNumber(History.bytesInUse, two.memoryBytes);
  sameNumber(one.forgottenId, 100);
  two.dropAll();
  sameNumber(History.bytesInUse, 0);
}

export function the_older_half_can_be_forgotten(): void {
  const history = new History(1000);
  for (let id: u64 = 1; id <= 100; id++) add(history, id, "x".repeat(100));
  const before = history.memoryBytes;
  assert(history.dropOlderHalf());
  step();
  sameNumber(history.memoryBytes, before / 2);
  assert(history.count > 20 && history.count < 100);
  sameNumber(history.forgottenId, 100 - history.count);
  assert(ids(history, history.offsetOfNewest(3)) == "98 99 100");
  for (let id: u64 = 101; id <= 200; id++) add(history, id, "x".repeat(100));
  assert(ids(history, history.offsetOfNewest(2)) == "199 200");
  history.dropAll();
}

export function what_is_little_is_not_halved(): void {
  const history = new History(1000);
  add(history, 1, "x");
  assert(!history.dropOlderHalf());
  sameNumber(history.count, 1);
}
