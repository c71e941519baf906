import {
  EXPECT_TURNS,
  EXPECTED_MOST,
  Handler,
  Loop,
  StopLoop,
  Task,
} from "../../../../assembly/loop/loop";
import { NEVER_DUE } from "../../../../assembly/loop/timers";
import { EVENT_READ, EVENT_WRITE, SelectorError } from "../../../../assembly/selectors";
import { monotonic } from "../../../../assembly/wasi/clock";
import { NOSYS } from "../../../../assembly/wasi/errno";
import * as host from "./support/host";
import { MILLISECOND, Note, same, sameNumber, SECOND, step } from "./support/steps";

const diary = new Array<string>();

function note(text: string): Task {
  return new Note(diary, text);
}

/** Does what the next of its orders says, and writes it down. */
class Reader extends Handler {
  masks: Array<u32> = [];
  unwatches: i32 = -1;
  stops: bool = false;
  endsDispatch: bool = false;

  constructor(
    private loop: Loop,
    private name: string,
  ) {
    super();
  }

  onReady(mask: u32): void {
    diary.push(this.name);
    this.masks.push(mask);
    step();
    if (this.unwatches >= 0) this.loop.unwatch(this.unwatches);
    if (this.stops) this.loop.stop();
    if (this.endsDispatch) this.loop.endDispatch();
  }
}

class Stopper extends Task {
  constructor(private loop: Loop) {
    super();
  }

  run(): void {
    diary.push("stop");
    this.loop.stop();
  }
}

/** Queues itself again, `times` times. */
class Again extends Task {
  constructor(
    private loop: Loop,
    private times: i32,
    private later: bool,
  ) {
    super();
  }

  run(): void {
    diary.push("again");
    assert(diary.length < 100, "it holds the tick for ever");
    if (--this.times == 0) return;
    if (this.later) this.loop.callLater(0, this);
    else this.loop.callSoon(this);
  }
}

export function a_ready_descriptor_is_handed_to_its_handler(): void {
  const loop = new Loop();
  const fd = host.openConnection();
  const reader = new Reader(loop, "a");
  sameNumber(loop.watch(fd, EVENT_READ, reader), SelectorError.NONE);
  host.feed(fd, "x");
  loop.tick();
  loop.tick();
  sameNumber(reader.masks.length, 2);
  sameNumber(reader.masks[0], EVENT_READ);
  sameNumber(loop.ticks, 2);
}

export function to_watch_again_changes_what_is_watched_for(): void {
  const loop = new Loop();
  const fd = host.openConnection();
  const one = new Reader(loop, "one");
  const two = new Reader(loop, "two");
  loop.watch(fd, EVENT_READ, one);
  sameNumber(loop.watch(fd, EVENT_WRITE, two), SelectorError.NONE);
  loop.tick();
  same(diary.join(), "two");
  sameNumber(two.masks[0], EVENT_WRITE);
}

export function what_cannot_be_watched_is_an_error(): void {
  const loop = new Loop();
  sameNumber(loop.watch(77, EVENT_READ, new Reader(loop, "a")), SelectorError.BAD_FD);
}

export function to_unwatch_what_is_not_watched_is_nothing(): void {
  const loop = new Loop();
  loop.unwatch(77);
  loop.callSoon(note("a"));
  loop.tick();
  same(diary.join(), "a");
}

export function a_key_that_was_unregistered_in_this_tick_is_not_called(): void {
  const loop = new Loop();
  const fd = host.openConnection();
  const other = host.openConnection();
  const first = new Reader(loop, "first");
  first.unwatches = other;
  loop.watch(fd, EVENT_READ, first);
  loop.watch(other, EVENT_READ, new Reader(loop, "second"));
  host.feed(fd, "hello");
  host.feed(other, "hello");
  loop.tick();
  same(diary.join(), "first");
}

export function a_handler_ends_the_dispatch_and_the_next_one_goes_on_behind_it(): void {
  const loop = new Loop();
  const readers: Array<Reader> = [];
  for (let i = 0; i < 4; i++) {
    readers.push(new Reader(loop, `${i}`));
    const fd = host.openConnection();
    host.feed(fd, "x");
    loop.watch(fd, EVENT_READ, readers[i]);
  }
  readers[1].endsDispatch = true;
  loop.tick();
  same(diary.join(" "), "0 1");
  loop.tick();
  same(diary.join(" "), "0 1 2 3 0 1");
  readers[1].endsDispatch = false;
  loop.tick();
  same(diary.join(" "), "0 1 2 3 0 1 0 1 2 3");
}

export function a_mask_is_cut_to_what_is_watched_for_by_now(): void {
  const loop = new Loop();
  const fd = host.openConnection();
  const other = host.openConnection();
  const reader = new Reader(loop, "second");
  loop.watch(fd, EVENT_READ, new Narrow(loop, other, reader));
  loop.watch(other, EVENT_READ, reader);
  host.feed(fd, "hello");
  host.feed(other, "hello");
  loop.tick();
  sameNumber(reader.masks.length, 0, "it no longer reads:");
}

class Narrow extends Handler {
  constructor(
    private loop: Loop,
    private fd: u32,
    private reader: Reader,
  ) {
    super();
  }

  onReady(_mask: u32): void {
    this.loop.watch(this.fd, EVENT_WRITE, this.reader);
  }
}

export function a_tick_runs_hooks_then_handlers_then_timers_then_soon_tasks(): void {
  const loop = new Loop();
  const fd = host.openConnection();
  loop.watch(fd, EVENT_READ, new Reader(loop, "ready"));
  host.feed(fd, "hello");
  loop.beforeWait(note("hook 1"));
  loop.beforeWait(note("hook 2"));
  loop.callSoon(note("soon 1"));
  loop.callSoon(note("soon 2"));
  loop.callLater(0, note("timer"));
  host.advance(1);
  loop.tick();
  same(diary.join(), "hook 1,hook 2,ready,timer,soon 1,soon 2");
  loop.tick();
  same(diary.slice(6).join(), "hook 1,hook 2,ready");
}

export function a_soon_task_that_is_queued_by_another_waits_for_a_tick(): void {
  const loop = new Loop();
  loop.callSoon(new Again(loop, 3, false));
  loop.tick();
  sameNumber(diary.length, 1);
  loop.tick();
  sameNumber(diary.length, 2);
  loop.tick();
  sameNumber(diary.length, 3);
}

export function a_timer_that_is_set_by_another_waits_for_a_tick(): void {
  const loop = new Loop();
  loop.callLater(0, new Again(loop, 3, true));
  loop.tick();
  sameNumber(diary.length, 1);
  loop.tick();
  sameNumber(diary.length, 2);
  loop.tick();
  sameNumber(diary.length, 3);
}

export function while_a_soon_task_is_queued_the_loop_does_not_wait(): void {
  const loop = new Loop();
  loop.callLater(10, note("late"));
  loop.callSoon(note("soon"));
  const start = monotonic();
  loop.tick();
  sameNumber(monotonic(), start);
  same(diary.join(), "soon");
}

export function the_loop_waits_for_the_next_timer(): void {
  const loop = new Loop();
  loop.callLater(2, note("b"));
  loop.callLater(1.5, note("a"));
  const start = monotonic();
  loop.tick();
  same(diary.join(), "a");
  sameNumber(monotonic() - start, 1500 * MILLISECOND);
  sameNumber(loop.now - start, 1500 * MILLISECOND);
  loop.tick();
  sameNumber(monotonic() - start, 2 * SECOND);
  same(diary.join(), "a,b");
}

export function a_delay_is_never_shortened(): void {
  const loop = new Loop();
  const start = monotonic();
  sameNumber(loop.callLater(0.3e-9, note("a")).due - start, 1);
  sameNumber(loop.callLater(1.1, note("b")).due - start, 1_100_000_000);
}

export function delays_with_a_step_end_together(): void {
  const loop = new Loop();
  const start = loop.callLater(0.005, note("a"), 10 * MILLISECOND).due;
  sameNumber(start % (10 * MILLISECOND), 0);
  assert(start >= monotonic() + 5 * MILLISECOND, "not too early");
  assert(start < monotonic() + 15 * MILLISECOND, "not a step too late");
  const rest = <f64>(start - monotonic()) / <f64>SECOND;
  sameNumber(loop.callLater(rest - 0.001, note("b"), 10 * MILLISECOND).due, start);
  sameNumber(loop.callLater(rest + 0.001, note("c"), 10 * MILLISECOND).due, start + 10_000_000);
  loop.tick();
  same(diary.join(), "a,b");
  const now = monotonic();
  assert(loop.callLater(0, note("d"), 10 * MILLISECOND).due <= now + 1, "no delay stays none");
  assert(loop.callLater(Infinity, note("e"), 10 * MILLISECOND).due == NEVER_DUE);
}

export function a_delay_of_less_than_nothing_is_none(): void {
  const loop = new Loop();
  loop.callLater(-5, note("a"));
  loop.callLater(NaN, note("b"));
  const start = monotonic();
  loop.tick();
  same(diary.join(), "a,b");
  assert(monotonic() - start <= 1);
}

export function a_delay_without_end_never_comes(): void {
  const loop = new Loop();
  loop.callLater(Infinity, note("never"));
  loop.callLater(1e300, note("never"));
  loop.callSoon(note("soon"));
  loop.tick();
  same(diary.join(), "soon");
}

export function a_timer_that_is_late_runs_at_once(): void {
  const loop = new Loop();
  loop.callLater(1, note("a"));
  host.advance(5 * SECOND);
  const start = monotonic();
  loop.tick();
  same(diary.join(), "a");
  sameNumber(monotonic(), start);
}

export function a_cancelled_timer_does_not_wake_the_loop(): void {
  const loop = new Loop();
  loop.callLater(1, note("a")).cancel();
  loop.callLater(2, note("b"));
  const start = monotonic();
  loop.tick();
  sameNumber(monotonic() - start, 2 * SECOND);
  same(diary.join(), "b");
}

export function all_timers_that_are_due_run_in_one_tick(): void {
  const loop = new Loop();
  for (let i = 0; i < 10; i++) loop.callLater(<f64>(10 - i) / 10, note((10 - i).toString()));
  host.advance(SECOND);
  loop.tick();
  same(diary.join(), "1,2,3,4,5,6,7,8,9,10");
}

export function a_stop_completes_the_tick_and_the_last_hooks(): void {
  const loop = new Loop();
  const fd = host.openConnection();
  const reader = new Reader(loop, "ready");
  reader.stops = true;
  loop.watch(fd, EVENT_READ, reader);
  host.feed(fd, "hello");
  loop.beforeWait(note("hook"));
  loop.callSoon(note("soon"));
  loop.run();
  same(diary.join(), "hook,ready,soon,hook");
}

export function a_stop_in_a_timer_or_a_soon_task_ends_the_run(): void {
  const loop = new Loop();
  loop.callLater(1, new Stopper(loop));
  loop.run();
  loop.callSoon(new Stopper(loop));
  loop.run();
  same(diary.join(), "stop,stop");
}

export function a_stop_in_a_hook_ends_the_run_without_a_wait(): void {
  const loop = new Loop();
  loop.beforeWait(new Stopper(loop));
  const polls = host.calls("poll_oneoff");
  loop.run();
  sameNumber(loop.ticks, 0);
  sameNumber(host.calls("poll_oneoff"), polls);
}

export function a_task_ends_the_loop_at_its_time(): void {
  const loop = new Loop();
  loop.callLater(1, note("before"));
  loop.callLater(2, new StopLoop(loop));
  loop.callLater(3, note("never"));
  loop.run();
  same(diary.join(" "), "before");
}

export function a_loop_that_was_stopped_can_run_again(): void {
  const loop = new Loop();
  loop.stop();
  loop.run();
  sameNumber(loop.ticks, 0);
  loop.callSoon(new Stopper(loop));
  loop.run();
  sameNumber(loop.ticks, 1);
}

export function a_loop_with_nothing_to_wait_for_is_a_bug_that_ends_the_program(): void {
  host.expectAbort("select: nothing is registered and there is no timeout");
  new Loop().tick();
}

export function a_host_that_refuses_to_poll_ends_the_program(): void {
  const loop = new Loop();
  loop.callSoon(note("soon"));
  host.expectAbort("select: the host refused the call NOSYS");
  host.failPoll(NOSYS);
  loop.tick();
}

/** Busy for so many turns, and asks to be tried again after each. */
class Busy extends Handler {
  tries: i32 = 0;

  constructor(
    private loop: Loop,
    private turns: i32,
  ) {
    super();
  }

  onReady(_mask: u32): void {
    this.loop.expect(this);
  }

  onExpected(): bool {
    this.tries++;
    if (this.tries > this.turns) return false;
    this.loop.expect(this);
    return true;
  }
}

export function whoever_is_expected_is_tried_before_the_wait(): void {
  const loop = new Loop();
  const busy = new Busy(loop, 2);
  const fd = host.openConnection();
  loop.watch(fd, EVENT_READ, busy);
  const waits = host.calls("poll_oneoff");
  loop.expect(busy);
  loop.tick();
  loop.tick();
  sameNumber(busy.tries, 2);
  sameNumber(host.calls("poll_oneoff"), waits, "it waits although somebody is busy:");
  host.feed(fd, "hello");
  loop.tick();
  sameNumber(busy.tries, 3);
  assert(host.calls("poll_oneoff") > waits, "it does not wait although nobody is busy");
}

export function whoever_is_not_expected_waits_for_a_bounded_number_of_turns(): void {
  const loop = new Loop();
  const busy = new Busy(loop, i32.MAX_VALUE);
  const fd = host.openConnection();
  loop.watch(fd, EVENT_READ, new Reader(loop, "other"));
  host.feed(fd, "hello");
  loop.expect(busy);
  for (let turn = 0; turn < EXPECT_TURNS; turn++) loop.tick();
  same(diary.join(), "");
  loop.tick();
  same(diary.join(), "other");
  sameNumber(busy.tries, EXPECT_TURNS);
}

export function where_too_many_are_expected_the_wait_tells_who_is_ready(): void {
  const loop = new Loop();
  const busy = new Busy(loop, i32.MAX_VALUE);
  loop.watch(host.openConnection(), EVENT_WRITE, new Reader(loop, "other"));
  for (let i = 0; i <= EXPECTED_MOST; i++) loop.expect(busy);
  loop.tick();
  sameNumber(busy.tries, 0);
  same(diary.join(), "other");
  for (let i = 0; i < EXPECTED_MOST; i++) loop.expect(busy);
  loop.tick();
  sameNumber(busy.tries, EXPECTED_MOST);
}

export function timers_and_tasks_run_also_in_turns_without_a_wait(): void {
  const loop = new Loop();
  loop.callLater(0, note("later"));
  loop.callSoon(note("soon"));
  loop.expect(new Busy(loop, 1));
  host.advance(MILLISECOND);
  loop.tick();
  same(diary.join(), "later,soon");
}
