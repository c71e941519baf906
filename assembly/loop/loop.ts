/**
 * The event loop. One iteration (a tick):
 *
 *   1. Run the before-wait hooks: what the last tick left to be sent is sent, what it closed is
 *      reaped.
 *   2. Decide how long to wait: not at all if a soon task is queued, until the next timer if there
 *      is one, otherwise for ever.
 *   3. Whoever was busy a moment ago is tried straight away (see {@link Loop.expect}). If nobody
 *      is, wait (`selector.select`). The clock is read before and after: this is the tick's `now`.
 *   4. Hand each ready key to its handler, unless an earlier one has unregistered it. A handler may
 *      end that ({@link Loop.endDispatch}): the next tick goes on with the keys that are left.
 *   5. Run the timers that are due, in order of their time.
 *   6. Run the soon tasks that were queued before this step; those they queue wait for a tick.
 *
 * A handler never sees another handler's work half done: everything above runs to its end.
 */
import { BaseSelector, NEVER, NO_TIMEOUT, toNanoseconds } from "../selectors/base";
import { DefaultSelector } from "../selectors/default";
import { SelectorError, selectorErrorText } from "../selectors/errors";
import { SelectorEvent } from "../selectors/key";
import { NANOSECONDS_PER_SECOND, monotonic } from "../wasi/clock";
import { errnoName } from "../wasi/errno";
import { Fd } from "../wasi/socket";
import { LoopStatistics } from "./statistics";
import { NEVER_DUE, Task, Timer, TimerHeap } from "./timers";

export { cancelTimer, Task, Timer } from "./timers";

/**
 * So many turns in a row may go without a wait, and more if they are over within 5 ms.
 * @limit turns
 */
export const EXPECT_TURNS: i32 = 8;
const EXPECT_NANOSECONDS: u64 = 5_000_000;
/**
 * A turn without a wait tries so many busy connections; if more are busy, the loop waits.
 * @limit connections
 */
export const EXPECTED_MOST: i32 = 32;

/** Whoever watches a descriptor: the `data` of its key. */
export abstract class Handler {
  /** @param mask EVENT_READ, EVENT_WRITE or both; an error or a hangup shows as both */
  abstract onReady(mask: u32): void;

  /** Tries what it may be ready for, after {@link Loop.expect}. @returns whether it was */
  onExpected(): bool {
    return false;
  }
}

export class Loop {
  /** The monotonic clock after this tick's wait, in nanoseconds. */
  now: u64 = monotonic();
  /** Iterations so far. */
  ticks: u64 = 0;
  statistics: LoopStatistics = new LoopStatistics();

  private timers: TimerHeap = new TimerHeap();
  private soon: Array<Task> = [];
  private running: Array<Task> = [];
  private hooks: Array<Task> = [];
  private expected: Array<Handler> = [];
  private tried: Array<Handler> = [];
  /** Turns since the last wait. */
  private turns: i32 = 0;
  /** When the last wait ended. */
  private waitedAt: u64 = 0;
  private stopping: bool = false;
  /** No more handlers run in this dispatch. */
  private isDispatchOver: bool = false;
  /** The first key that the last dispatch left, by its descriptor; -1: none. */
  private resumeAt: i64 = -1;

  constructor(
    /** Who is ready. */
    public selector: BaseSelector<Handler> = DefaultSelector<Handler>(),
  ) {}

  /** Starts to watch a descriptor, or changes what it is watched for. */
  watch(fd: Fd, events: u32, handler: Handler): SelectorError {
    const known = this.selector.getKey(fd) !== null;
    return known
      ? this.selector.modify(fd, events, handler)
      : this.selector.register(fd, events, handler);
  }

  /** Stops watching; a descriptor that is not watched is left alone. */
  unwatch(fd: Fd): void {
    this.selector.unregister(fd);
  }

  /**
   * Has a handler tried before the next wait: it was ready a moment ago, and may be again. A wait
   * costs as much as there are descriptors, and a try one call. To be asked for again each time.
   */
  expect(handler: Handler): void {
    if (this.expected.length <= EXPECTED_MOST) this.expected.push(handler);
  }

  /**
   * Ends the dispatch under way once the present handler returns: the tick has produced enough.
   * Keys that are ready stay so. The next dispatch begins with the first key that this one leaves
   * out, so that each has its turn.
   */
  endDispatch(): void {
    this.isDispatchOver = true;
  }

  /** Runs a task in the next tick. */
  callSoon(task: Task): void {
    this.soon.push(task);
  }

  /**
   * Runs a task when `seconds` have passed, counted from now. Zero or less: in the next tick, so
   * that a task which sets itself again does not hold this one. Infinity: never.
   */
  callLater(seconds: f64, task: Task): Timer {
    const delay = toNanoseconds(seconds);
    const due = delay == NEVER ? NEVER_DUE : max(monotonic() + delay, this.now + 1);
    return this.timers.add(due, task);
  }

  /** Runs a task before each wait. Hooks run in the order in which they were added. */
  beforeWait(task: Task): void {
    this.hooks.push(task);
  }

  /** Ends {@link run} once the tick under way is complete, its last hooks included. */
  stop(): void {
    this.stopping = true;
  }

  /** Turns until {@link stop}. */
  run(): void {
    while (!this.stopping) this.tick();
    this.runHooks();
    this.stopping = false;
  }

  /** One iteration. */
  tick(): void {
    this.runHooks();
    if (this.stopping) return;
    if (!this.tryExpected()) this.wait();
    this.runTimers();
    this.runSoon();
  }

  /** Step 3 without a wait. @returns whether anybody was ready */
  private tryExpected(): bool {
    if (this.expected.length == 0) return false;
    const handlers = this.expected;
    this.expected = this.tried;
    this.tried = handlers;
    let ready = 0;
    const now = monotonic();
    const isEarly = this.turns < EXPECT_TURNS || now - this.waitedAt < EXPECT_NANOSECONDS;
    if (isEarly && handlers.length <= EXPECTED_MOST) {
      this.now = now;
      this.ticks++;
      this.isDispatchOver = false;
      for (let i = 0; i < handlers.length && !this.isDispatchOver; i++) {
        if (handlers[i].onExpected()) ready++;
      }
    }
    handlers.length = 0;
    if (ready == 0) return false;
    this.turns++;
    this.statistics.waited(this.now, this.now, ready);
    return true;
  }

  /** Steps 3 and 4. */
  private wait(): void {
    this.turns = 0;
    const before = monotonic();
    const events = this.selector.select(this.timeout(before));
    this.now = monotonic();
    this.waitedAt = this.now;
    this.statistics.waited(before, this.now, events.length);
    this.ticks++;
    const error = this.selector.error;
    assert(
      error == SelectorError.NONE,
      `select: ${selectorErrorText(error)} ${errnoName(this.selector.errno)}`,
    );
    this.dispatch(events);
  }

  /** Step 2, in seconds. */
  private timeout(now: u64): f64 {
    if (this.soon.length > 0) return 0;
    const due = this.timers.next();
    if (due == NEVER_DUE) return NO_TIMEOUT;
    return due <= now ? 0 : <f64>(due - now) / <f64>NANOSECONDS_PER_SECOND;
  }

  private dispatch(events: Array<SelectorEvent<Handler>>): void {
    const first = this.firstOf(events);
    this.isDispatchOver = false;
    for (let i = 0; i < events.length; i++) {
      const event = events[(first + i) % events.length];
      if (this.isDispatchOver) {
        this.resumeAt = event.key.fd;
        return;
      }
      // The mask is cut again: an earlier handler may have changed what this key waits for.
      const mask = event.mask & event.key.events;
      if (event.key.registered && mask != 0) event.key.data.onReady(mask);
    }
  }

  /** Where to begin: at the key that the last dispatch left, if that is ready still. */
  private firstOf(events: Array<SelectorEvent<Handler>>): i32 {
    const fd = this.resumeAt;
    this.resumeAt = -1;
    if (fd >= 0) for (let i = 0; i < events.length; i++) if (events[i].key.fd == fd) return i;
    return 0;
  }

  private runTimers(): void {
    while (true) {
      const timer = this.timers.takeDue(this.now);
      if (timer === null) return;
      this.statistics.lag.add(this.now - timer.due);
      timer.task.run();
    }
  }

  private runSoon(): void {
    if (this.soon.length == 0) return;
    const queued = this.soon;
    this.soon = this.running;
    this.running = queued;
    for (let i = 0; i < queued.length; i++) queued[i].run();
    queued.length = 0;
  }

  private runHooks(): void {
    for (let i = 0; i < this.hooks.length; i++) this.hooks[i].run();
  }
}

/** Ends a loop, at its time. */
export class StopLoop extends Task {
  constructor(private loop: Loop) {
    super();
  }

  run(): void {
    this.loop.stop();
  }
}
