import { NEVER_DUE, TimerHeap } from "../../../../assembly/loop/timers";
import { Task, Timer } from "../../../../assembly/loop/loop";
import { random } from "./support/host";
import { Note, same, sameNumber, step } from "./support/steps";

const diary = new Array<string>();

function note(text: string): Task {
  return new Note(diary, text);
}

function runDue(heap: TimerHeap, now: u64): void {
  while (true) {
    const timer = heap.takeDue(now);
    if (timer === null) return;
    timer.task.run();
    step();
  }
}

export function an_empty_heap_has_nothing_due_ever(): void {
  const heap = new TimerHeap();
  assert(heap.next() == NEVER_DUE);
  assert(heap.takeDue(u64.MAX_VALUE) === null);
  sameNumber(heap.size, 0);
}

export function timers_run_in_the_order_of_their_times(): void {
  const heap = new TimerHeap();
  heap.add(30, note("c"));
  heap.add(10, note("a"));
  heap.add(20, note("b"));
  sameNumber(heap.next(), 10);
  runDue(heap, 30);
  same(diary.join(""), "abc");
}

export function timers_of_one_moment_run_in_the_order_in_which_they_were_set(): void {
  const heap = new TimerHeap();
  for (let i = 0; i < 26; i++) heap.add(5, note(String.fromCharCode(97 + i)));
  runDue(heap, 5);
  same(diary.join(""), "abcdefghijklmnopqrstuvwxyz");
}

export function a_timer_is_due_at_its_moment_and_not_before(): void {
  const heap = new TimerHeap();
  heap.add(10, note("a"));
  assert(heap.takeDue(9) === null);
  const timer = heap.takeDue(10)!;
  assert(timer.done && !timer.cancelled);
  sameNumber(timer.due, 10);
  sameNumber(timer.order, 0);
}

export function a_cancelled_timer_does_not_run(): void {
  const heap = new TimerHeap();
  const first = heap.add(10, note("a"));
  heap.add(20, note("b"));
  first.cancel();
  sameNumber(heap.next(), 20);
  runDue(heap, 100);
  same(diary.join(""), "b");
  assert(first.cancelled && first.done);
}

export function the_last_timer_can_be_cancelled(): void {
  const heap = new TimerHeap();
  heap.add(10, note("a")).cancel();
  assert(heap.next() == NEVER_DUE);
  sameNumber(heap.size, 0);
}

export function to_cancel_twice_is_to_cancel_once(): void {
  const heap = new TimerHeap();
  const timers = new Array<Timer>();
  for (let i = 0; i < 98; i++) timers.push(heap.add(10, note("x")));
  for (let i = 0; i < 98; i++) timers[i].cancel();
  for (let i = 0; i < 98; i++) timers[i].cancel();
  sameNumber(heap.size, 98, "fewer than a sweep is worth:");
}

export function to_cancel_too_late_is_nothing(): void {
  const heap = new TimerHeap();
  const timer = heap.add(10, note("a"));
  runDue(heap, 10);
  timer.cancel();
  assert(timer.done && !timer.cancelled);
}

export function cancelled_timers_are_swept_out_when_they_are_many_and_half(): void {
  const heap = new TimerHeap();
  const timers = new Array<Timer>();
  for (let i = 0; i < 200; i++) timers.push(heap.add(<u64>i, note(i.toString())));
  for (let i = 0; i < 99; i++) timers[i * 2].cancel();
  sameNumber(heap.size, 200);
  timers[198].cancel();
  sameNumber(heap.size, 100);
  assert(timers[0].done);
  runDue(heap, 1000);
  sameNumber(diary.length, 100);
  for (let i = 0; i < 100; i++) same(diary[i], (i * 2 + 1).toString());
}

export function cancelled_timers_stay_while_they_are_the_lesser_part(): void {
  const heap = new TimerHeap();
  const timers = new Array<Timer>();
  for (let i = 0; i < 1000; i++) timers.push(heap.add(<u64>i, note("")));
  for (let i = 0; i < 499; i++) timers[999 - i].cancel();
  sameNumber(heap.size, 1000);
  timers[0].cancel();
  sameNumber(heap.size, 500);
}

export function any_order_of_setting_and_cancelling_gives_the_right_order(): void {
  for (let round = 0; round < 20; round++) {
    const heap = new TimerHeap();
    const timers = new Array<Timer>();
    let wanted = 0;
    for (let i = 0; i < 300; i++) {
      timers.push(heap.add(random() % 50, note("")));
      if (random() % 2) timers[random() % <u32>timers.length].cancel();
    }
    for (let i = 0; i < 300; i++) if (!timers[i].cancelled) wanted++;
    step();
    let due: u64 = 0;
    let order: u64 = 0;
    let found = 0;
    while (true) {
      const timer = heap.takeDue(50);
      if (timer === null) break;
      assert(!timer.cancelled, "a cancelled one");
      assert(found == 0 || timer.due > due || (timer.due == due && timer.order > order), "order");
      due = timer.due;
      order = timer.order;
      found++;
    }
    sameNumber(found, wanted);
    sameNumber(heap.size, 0);
  }
}

export function a_cancelled_timer_that_was_dropped_does_not_count_for_a_sweep(): void {
  const heap = new TimerHeap();
  for (let i = 0; i < 99; i++) heap.add(1, note("")).cancel();
  const last = heap.add(2, note(""));
  sameNumber(heap.next(), 2);
  sameNumber(heap.size, 1);
  last.cancel();
  sameNumber(heap.size, 1, "one is not worth a sweep:");
}
