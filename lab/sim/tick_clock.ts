/**
 * Which of the module's looks at the clock begins a tick: the first after a wait that somebody has
 * ended, or, if nobody has, the second, since the first is to see whether the time is up. A tick
 * may also begin without a wait: with a look that is for nothing else, followed by a read.
 */
import { Errno, Eventtype } from "../../host/runtime/abi.js";
import type { Event, Subscription } from "../../host/runtime/kernel.js";

export class TickClock {
  #last = 0;
  /** Undefined in a tick; otherwise a wait is under way, or has just ended. */
  #wait: { start: number; nanoseconds: number } | undefined;
  /** Somebody is ready for certain; or somebody may be, and nobody has been asked. */
  #isReady = false;
  #isInDoubt = false;
  #isUp = false;

  /** The module waits, or goes on to wait. */
  waits([first]: readonly Subscription[]): void {
    const nanoseconds = first?.type === Eventtype.CLOCK ? Number(first.timeout) : Infinity;
    this.#wait ??= { start: this.#last, nanoseconds };
    this.#isUp = false;
  }

  woke(events: Event[] | number): void {
    const all = typeof events === "number" ? [] : events.filter(({ type }) => type !== 0);
    this.#isReady = all.some(isCertain);
    this.#isInDoubt = all.length > 0;
  }

  /** The module has asked one descriptor whether it is ready. */
  asked(isReady: boolean): void {
    this.#isReady ||= isReady;
    this.#isInDoubt = false;
  }

  /** @returns whether a tick begins with this */
  read(now: number): boolean {
    this.#last = now;
    if (this.#wait === undefined) return false;
    const { start, nanoseconds } = this.#wait;
    const isOver = this.#isReady || this.#isInDoubt || nanoseconds === 0 || this.#isUp;
    if (!isOver) {
      this.#isUp = now - start >= nanoseconds;
      return false;
    }
    this.#wait = undefined;
    this.#isReady = false;
    return true;
  }
}

/** Not so where a host reports more than is ready: see the selector. */
function isCertain({ error, flags, type, nbytes }: Event): boolean {
  if (error !== Errno.SUCCESS || flags !== 0) return true;
  return type === Eventtype.FD_READ && nbytes > 1;
}
