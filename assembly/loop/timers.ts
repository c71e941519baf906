/**
 * Things to do later, ordered by when. A binary heap, as in asyncio: cancelling marks a timer,
 * and the marked ones are swept out once they are many and more than half.
 */

/** Something that can be done: what Python would pass as a callable. */
export abstract class Task {
  abstract run(): void;
}

/** A task with its time. */
export class Timer {
  cancelled: bool = false;
  /** Whether it has been run, or dropped after a cancel. */
  done: bool = false;
  /** Told of a cancel, so that it can sweep. */
  _heap: TimerHeap | null = null;

  constructor(
    /** When it is due, in nanoseconds of the monotonic clock. */
    public due: u64,
    /** Ties are broken by age: timers of one moment run in the order in which they were set. */
    public order: u64,
    public task: Task,
  ) {}

  /** Sees to it that the task is not run. Twice is once; too late is nothing. */
  cancel(): void {
    if (this.cancelled || this.done) return;
    this.cancelled = true;
    const heap = this._heap;
    if (heap !== null) heap._noteCancelled();
  }
}

/** Cancels a timer, if there is one. @returns that there is none */
export function cancelTimer(timer: Timer | null): Timer | null {
  if (timer !== null) timer.cancel();
  return null;
}

/** Fewer cancelled timers than this are not worth a sweep. */
const SWEEP_LEAST: i32 = 100;
/** What {@link TimerHeap.next} answers when nothing is due ever. */
export const NEVER_DUE: u64 = u64.MAX_VALUE;

export class TimerHeap {
  private timers: Array<Timer> = [];
  private cancelled: i32 = 0;
  private set: u64 = 0;

  /** How many are held, the cancelled ones that have not been swept included. */
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

  /** When the next timer is due; NEVER_DUE if none is set. */
  next(): u64 {
    while (this.timers.length > 0 && this.timers[0].cancelled) this.takeFirst();
    return this.timers.length > 0 ? this.timers[0].due : NEVER_DUE;
  }

  /** Takes out a timer that is due at `now`; null if none is. */
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
      if (!this.before(at, parent)) return;
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
      if (left < this.timers.length && this.before(left, least)) least = left;
      if (right < this.timers.length && this.before(right, least)) least = right;
      if (least == at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private before(a: i32, b: i32): bool {
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
