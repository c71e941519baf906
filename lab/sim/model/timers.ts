/**
 * What is to happen later. When that is counts from the clock that the module reads as it sets a
 * timer: a timer is new until that reading is known.
 */
import { SECOND_NS } from "../../world/world.js";
import type { Steps } from "./steps.js";

export class Timer {
  cancelled = false;
  /** Undefined until the clock is known that it is set by. */
  due: number | undefined;

  constructor(
    readonly seconds: number,
    readonly order: number,
    readonly run: () => Steps,
  ) {}

  cancel(): void {
    this.cancelled = true;
  }
}

export class Timers {
  #timers: Timer[] = [];
  #new: Timer[] = [];
  #set = 0;

  add(seconds: number, run: () => Steps): Timer {
    const timer = new Timer(seconds, this.#set++, run);
    this.#timers.push(timer);
    this.#new.push(timer);
    return timer;
  }

  /** In this tick, behind all that is due in it. */
  soon(tick: number, run: () => Steps): void {
    const timer = new Timer(0, Infinity, run);
    timer.due = tick;
    this.#timers.push(timer);
  }

  get hasNew(): boolean {
    return this.#new.length > 0;
  }

  /**
   * The clock that the first of the new ones is set by.
   *
   * @param tick the tick's own clock
   * @returns whether there is one
   */
  read(clock: number, tick: number): boolean {
    const timer = this.#new.shift();
    if (timer === undefined) return false;
    timer.due = Math.max(clock + Math.ceil(timer.seconds * SECOND_NS), tick + 1);
    return true;
  }

  /** The first that is due, no longer held. */
  takeDue(now: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.cancelled || timer.due === undefined || timer.due > now) continue;
      if (first === undefined || isBefore(timer, first)) first = timer;
    }
    if (first === undefined && this.#timers.length < 16) return undefined;
    const taken = first;
    this.#timers = this.#timers.filter((timer) => timer !== taken && !timer.cancelled);
    return first;
  }

  /** When the first is due; Infinity if none will be. */
  get nextDue(): number {
    let next = Infinity;
    for (const { cancelled, due } of this.#timers) {
      if (!cancelled && due !== undefined && due < next) next = due;
    }
    return next;
  }
}

function isBefore(one: Timer, other: Timer): boolean {
  const [a, b] = [one.due ?? 0, other.due ?? 0];
  return a < b || (a === b && one.order < other.order);
}
