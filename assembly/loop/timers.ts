/**
 * Timers, in a binary heap by deadline, as in asyncio. Cancelling only marks a timer. The marked
 * timers are removed together once there are many and they are more than half of the heap.
 */

/** A deferred call: Python would pass a callable. */
export abstract class Task {
  abstract run(): void;
}

/** A task with a deadline. */
export class Timer {
  cancelled: bool = false;
  /** True once the task was run, or the cancelled timer was removed. */
  done: bool = false;
  /** The heap, which counts its cancelled timers. */
  _heap: TimerHeap | null = null;

  constructor(
    /** The deadline in nanoseconds of the monotonic clock. */
    public due: u64,
    /** The sequence number: timers with equal deadlines run in the order in which they were set. */
    public order: u64,
    public task: Task,
  ) {}

  /** Cancels the timer. Does nothing if it has run or was cancelled already. */
  cancel(): void {
    if (this.cancelled || this.done) return;
    this.cancelled = true;
    const heap = this._heap;
    if (heap !== null) heap._noteCancelled();
  }
}

/** Cancels a timer, if there is one. @returns null, for the caller's variable */
export function cancelTimer(timer: Timer | null): Timer | null {
  if (timer !== null) timer.cancel();
  return null;
}

/** The least number of cancelled timers that are removed together. */
const SWEEP_LEAST: i32 = 100;
/** The result of {@link TimerHeap.next} if no timer is set. */
export const NEVER_DUE: u64 = u64.MAX_VALUE;

export class TimerHeap {
  private timers: Array<Timer> = [];
  private cancelled: i32 = 0;
  private set: u64 = 0;

  /** The number of timers, with the cancelled ones that have not been removed yet. */
  get size(): i32 {
    return this.timers.length;
  }

  add(due: u64, task: Task): Timer {
    const timer = new Timer(due, this.set++, task);
    timer._heap = this;
    this.timers.push(timer);
    this.rise(this.timers.length - 1);
    return timer;
  }

  /** Returns the deadline of the next timer, or NEVER_DUE if none is set. */
  next(): u64 {
    while (this.timers.length > 0 && this.timers[0].cancelled) this.takeFirst();
    return this.timers.length > 0 ? this.timers[0].due : NEVER_DUE;
  }

  /** Removes and returns a timer that is due at `now`, or returns null. */
  takeDue(now: u64): Timer | null {
    return this.next() <= now && this.timers.length > 0 ? this.takeFirst() : null;
  }

  _noteCancelled(): void {
    this.cancelled++;
    if (this.cancelled < SWEEP_LEAST || this.cancelled * 2 < this.timers.length) return;
    const kept = new Array<Timer>();
    for (let i = 0; i < this.timers.length; i++) {
      const timer = this.timers[i];
      if (timer.cancelled) timer.done = true;
      else kept.push(timer);
    }
    this.timers = kept;
    this.cancelled = 0;
    for (let i = kept.length / 2 - 1; i >= 0; i--) this.sink(i);
  }

  private takeFirst(): Timer {
    const first = this.timers[0];
    const last = this.timers.pop();
    if (this.timers.length > 0) {
      this.timers[0] = last;
      this.sink(0);
    }
    if (first.cancelled) this.cancelled--;
    first.done = true;
    return first;
  }

  private rise(from: i32): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) / 2;
      if (!this.isBefore(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private sink(from: i32): void {
    let at = from;
    while (true) {
      let least = at;
      const left = at * 2 + 1;
      const right = left + 1;
      if (left < this.timers.length && this.isBefore(left, least)) least = left;
      if (right < this.timers.length && this.isBefore(right, least)) least = right;
      if (least == at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private isBefore(a: i32, b: i32): bool {
    const one = this.timers[a];
    const two = this.timers[b];
    return one.due < two.due || (one.due == two.due && one.order < two.order);
  }

  private swap(a: i32, b: i32): void {
    const kept = this.timers[a];
    this.timers[a] = this.timers[b];
    this.timers[b] = kept;
  }
}
