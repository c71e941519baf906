/**
 * The pending operations of a component. The host works on them only while the component waits or
 * yields, as wasmtime does: no events gather while it runs.
 */
import type { ComponentKernel } from "./kernel.js";
import type { Pace } from "./pace.js";
import type { Waitable, WaitableSet } from "./waitable.js";

/** An operation that the host has to complete. */
export interface Pending extends Waitable {
  readonly isPending: boolean;
  /** The world's time when it completes by itself, in nanoseconds; undefined if it does not. */
  readonly due?: number;
  /** Tries to complete it. @returns true if it is complete now */
  attempt(): boolean;
}

export class Progress {
  readonly #pending = new Set<Pending>();
  /** Callbacks for new handles of the component: the host learns of them when it works next. */
  #unheard: (() => void)[] = [];

  constructor(
    private readonly kernel: ComponentKernel,
    readonly pace: Pace,
  ) {}

  add(pending: Pending): void {
    this.#pending.add(pending);
  }

  /** Calls `hear` when the host works next. */
  onWork(hear: () => void): void {
    this.#unheard.push(hear);
  }

  /** Waits until the set has an event. */
  wait(set: WaitableSet): void {
    const look = () => {
      while (!set.hasEvent && this.work());
      return set.hasEvent;
    };
    while (!set.hasEvent) this.kernel.waitUntil(look, this.#nextDue);
  }

  /** Attempts pending operations. @returns true if one was completed and has an event */
  work(): boolean {
    for (const hear of this.#unheard.splice(0)) hear();
    this.kernel.isDelayed = false;
    const all = [...this.#pending];
    const from = all.length > 0 ? this.pace.first(all.length) : 0;
    let isDone = false;
    for (const one of [...all.slice(from), ...all.slice(0, from)]) {
      if (one.isPending && !one.attempt()) continue;
      const isNews = this.#pending.delete(one) && one.hasEvent;
      isDone ||= isNews;
      if (isNews && !this.pace.goesOn()) break;
    }
    return isDone;
  }

  get #nextDue(): number {
    let next = Infinity;
    for (const { isPending, due } of this.#pending) {
      if (isPending && due !== undefined) next = Math.min(next, due);
    }
    return next;
  }
}
