/** Timers. A timer is a waitable, so a program can wait for it and for other events at once. */
import { countCall } from "../calls";
import * as abi from "./abi";
import * as canonical from "./canonical";
import { Event } from "./canonical";
import { removeWaitable, addWaitable, EventHandler, wait } from "./waitables";

/** The callback of a timer. */
export abstract class Alarm {
  abstract onTime(): void;
}

export class Timer extends EventHandler {
  /** The deadline of a set timer, in nanoseconds of the monotonic clock. */
  private due: u64 = 0;
  private subtask: abi.Handle = abi.NO_HANDLE;

  constructor(private alarm: Alarm | null = null) {
    super();
  }

  get isSet(): bool {
    return this.subtask != abi.NO_HANDLE;
  }

  /** Sets the timer to fire at `due` or earlier: a timer with an earlier deadline keeps it. */
  set(due: u64): void {
    if (this.isSet && this.due <= due) return;
    this.stop();
    const now = abi.monotonicNow();
    countCall();
    const answer = abi.waitFor(due > now ? due - now : 1);
    if (canonical.stateOf(answer) == canonical.RETURNED) {
      this.ring();
      return;
    }
    this.due = due;
    this.subtask = canonical.subtaskOf(answer);
    addWaitable(this.subtask, this);
  }

  /** Cancels the timer, if it is set. */
  stop(): void {
    if (!this.isSet) return;
    removeWaitable(this.subtask);
    countCall();
    canonical.cancelSubtask(this.subtask);
    this.drop();
  }

  onEvent(_event: Event, payload: u32): void {
    if (payload != canonical.RETURNED) return;
    removeWaitable(this.subtask);
    this.drop();
    this.ring();
  }

  private drop(): void {
    countCall();
    canonical.dropSubtask(this.subtask);
    this.subtask = abi.NO_HANDLE;
  }

  private ring(): void {
    const alarm = this.alarm;
    if (alarm !== null) alarm.onTime();
  }
}

/** Sleeps for `nanoseconds`. Dispatches all events that occur meanwhile. */
export function sleep(nanoseconds: u64): void {
  const timer = new Timer();
  timer.set(abi.monotonicNow() + nanoseconds);
  while (timer.isSet) wait();
}
