/**
 * The event loop. One iteration of it is a tick. A tick has these steps, and may have no wait (see
 * step 3):
 *
 * 1. Run the before-wait hooks: send the output of the last tick, free the connections that it
 *    closed.
 * 2. Compute the timeout: zero if a task is queued, else until the next timer, or none.
 * 3. Try the handlers that were busy a moment ago (see {@link Loop.expect}). If one is ready, this
 *    tick has no wait, and goes on with step 5. If none is ready, wait in `selector.select`. The
 *    clock is read before and after; the second reading is the tick's `now`.
 * 4. Call the handler of each ready key, unless an earlier handler has unregistered it. A handler
 *    may end this step ({@link Loop.endDispatch}): the next tick goes on with the remaining keys.
 * 5. Run the due timers, in order of their deadlines.
 * 6. Run the tasks that were queued before this step. Tasks that they queue run in the next tick.
 *
 * Each handler runs to its end before the next one starts.
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

/** At most this many ticks in a row go without a wait, once the time below is over. @limit ticks */
export const EXPECT_TURNS: i32 = 8;
/** For this time after a wait, ticks may go without another wait. @limit nanoseconds */
const EXPECT_NANOSECONDS: u64 = 5_000_000;
/**
 * A tick without a wait tries at most this many busy connections; with more, the loop waits.
 * @limit connections
 */
export const EXPECTED_MOST: i32 = 32;

/** The handler of a watched descriptor: the `data` of its key. */
export abstract class Handler {
  /**
   * Handles the readiness of the descriptor.
   *
   * @param mask EVENT_READ, EVENT_WRITE or both; an error or a hangup sets both
   */
  abstract onReady(mask: u32): void;

  /** Tries to read, after {@link Loop.expect}. @returns true if there was something */
  onExpected(): bool {
    return false;
  }
}

export class Loop {
  /**
   * The time when this tick's wait ended; without a wait, when the tick tried the busy handlers. In
   * nanoseconds of the monotonic clock.
   */
  now: u64 = monotonic();
  /** The number of ticks so far. */
  ticks: u64 = 0;
  statistics: LoopStatistics = new LoopStatistics();

  private timers: TimerHeap = new TimerHeap();
  private soon: Array<Task> = [];
  private running: Array<Task> = [];
  private hooks: Array<Task> = [];
  private expected: Array<Handler> = [];
  private tried: Array<Handler> = [];
  /** The number of ticks without a wait since the last tick that waited. */
  private turns: i32 = 0;
  /** The time when the last wait ended, in nanoseconds of the monotonic clock. */
  private waitedAt: u64 = 0;
  private stopping: bool = false;
  /** True if no more handlers run in this dispatch. */
  private isDispatchOver: bool = false;
  /** The descriptor of the first key that the last dispatch left out; -1: none. */
  private resumeAt: i64 = -1;

  constructor(
    /** The selector that the loop waits with. */
    public selector: BaseSelector<Handler> = DefaultSelector<Handler>(),
  ) {}

  /** Registers a descriptor with its handler, or changes its interest and handler. */
  watch(fd: Fd, events: u32, handler: Handler): SelectorError {
    const known = this.selector.getKey(fd) !== null;
    return known
      ? this.selector.modify(fd, events, handler)
      : this.selector.register(fd, events, handler);
  }

  /** Unregisters a descriptor. Does nothing if it is not registered. */
  unwatch(fd: Fd): void {
    this.selector.unregister(fd);
  }

  /**
   * Tries a handler once before the next wait. Call this for a handler that was ready a moment ago
   * and may be ready again: a wait costs time for each descriptor, a try is one call.
   */
  expect(handler: Handler): void {
    if (this.expected.length <= EXPECTED_MOST) this.expected.push(handler);
  }

  /**
   * Ends the current dispatch once the running handler returns, since the tick has produced enough
   * output. The remaining keys stay ready. The next dispatch begins with the first of them, so that
   * each key has its turn.
   */
  endDispatch(): void {
    this.isDispatchOver = true;
  }

  /** Queues a task for the next tick, or for this one if it has not run its tasks yet. */
  callSoon(task: Task): void {
    this.soon.push(task);
  }

  /**
   * Runs a task after `seconds`, counted from now. Zero or less: in the next tick, so that a task
   * that schedules itself again does not block this tick. Infinity: never.
   *
   * @param step in nanoseconds: the timer of a delay above 0 is due at a multiple of this time.
   * Then one tick runs the tasks of many callers
   * @returns the timer, which can be cancelled
   */
  callLater(seconds: f64, task: Task, step: u64 = 1): Timer {
    const delay = toNanoseconds(seconds);
    if (delay == NEVER) return this.timers.add(NEVER_DUE, task);
    const due = max(monotonic() + delay, this.now + 1);
    return this.timers.add(delay == 0 ? due : ((due + step - 1) / step) * step, task);
  }

  /** Adds a hook that runs before each wait. Hooks run in the order in which they were added. */
  beforeWait(task: Task): void {
    this.hooks.push(task);
  }

  /** Makes {@link run} return once the current tick and the hooks after it are complete. */
  stop(): void {
    this.stopping = true;
  }

  /** Runs ticks until {@link stop} is called. */
  run(): void {
    while (!this.stopping) this.tick();
    this.runHooks();
    this.stopping = false;
  }

  /** Runs one tick. */
  tick(): void {
    this.runHooks();
    if (this.stopping) return;
    if (!this.tryExpected()) this.wait();
    this.runTimers();
    this.runSoon();
  }

  /** Tries the busy handlers: step 3 without a wait. @returns true if one was ready */
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

  /** Waits for events and dispatches them: steps 3 and 4. */
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

  /** Returns the timeout of step 2 in seconds. */
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
      // An earlier handler may have changed the interest of this key.
      const mask = event.mask & event.key.events;
      if (event.key.registered && mask != 0) event.key.data.onReady(mask);
    }
  }

  /**
   * Returns the index where the dispatch begins: at the key that the last one left out, if it is
   * ready.
   */
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

/** A task that stops a loop. */
export class StopLoop extends Task {
  constructor(private loop: Loop) {
    super();
  }

  run(): void {
    this.loop.stop();
  }
}
