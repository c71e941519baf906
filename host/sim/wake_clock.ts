/**
 * Which of a component's looks at the clock begins a tick; see {@link TickClock}. A component also
 * looks at it for what is left of closed connections, and to know whether to ask everybody.
 */
import { Eventtype } from "../wasi/abi.js";
import type { Subscription } from "../wasi/kernel.js";
import { TickClock } from "./tick_clock.js";

export class WakeClock extends TickClock {
  #skips = 0;

  /** @param isShortened whether the time is up for something else before the wait is over */
  override waits(subscriptions: readonly Subscription[], isShortened = false): void {
    const clock = subscriptions.find(({ type }) => type === Eventtype.CLOCK);
    const given = clock?.type === Eventtype.CLOCK ? Number(clock.timeout) : Infinity;
    this.wait = { start: this.last, nanoseconds: isShortened ? Infinity : given };
    this.isUp = false;
    this.isReady = false;
  }

  /** @param skips looks at the clock that are for something else, before all others */
  wokeWith(isReady: boolean, skips: number): void {
    this.isReady = isReady;
    this.#skips = skips;
  }

  override asked(isReady: boolean): void {
    this.isReady ||= isReady;
  }

  /** @returns whether this look was for something else */
  skips(): boolean {
    if (this.#skips === 0) return false;
    this.#skips--;
    return true;
  }

  /** When the clock was last looked at. */
  get lastRead(): number {
    return this.last;
  }
}

/** Whether a wait is for room in who has just come: so that an older host lets go. */
export function letsGo([first, ...others]: readonly Subscription[]): boolean {
  return first?.type === Eventtype.FD_WRITE && others.length === 0;
}
