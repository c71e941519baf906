/**
 * Which of a component's looks at the clock begins a tick; see {@link TickClock}. A component also
 * looks at it for what is left of closed connections, and to know whether to ask everybody.
 */
import { Eventtype } from "../wasi/abi.js";
import type { Subscription } from "../wasi/kernel.js";
import * as bounds from "./component_bounds.js";
import { TickClock } from "./tick_clock.js";

export class WakeClock extends TickClock {
  #skips = 0;
  /** Of the timer that was set last: by the time of a wait, a part of it has passed. */
  #nanoseconds = 0;
  #isWoken = false;
  /** Since the last wait. */
  #ticks = 0;
  #firstTick = 0;

  timerIsSet(nanoseconds: number): void {
    this.#nanoseconds = nanoseconds;
  }

  /** @param due when something else is to be done, before which the wait may be over */
  waitsUntil(subscriptions: readonly Subscription[], due: number): void {
    const isTimed = subscriptions.some(({ type }) => type === Eventtype.CLOCK);
    const given = isTimed ? this.#nanoseconds : Infinity;
    const isShortened = given === Math.max(0, due - this.last);
    this.wait = { start: this.last, nanoseconds: isShortened ? Infinity : given };
    this.isUp = false;
    this.isReady = false;
  }

  /** @param skips looks at the clock that are for something else, before all others */
  wokeWith(isReady: boolean, skips: number): void {
    this.isReady = isReady;
    this.#skips = skips;
    this.#isWoken = true;
  }

  tickBegan(time: number): void {
    this.#ticks++;
    if (!this.#isWoken) return;
    this.#isWoken = false;
    this.#ticks = 0;
    this.#firstTick = time;
  }

  /** Whether those of whom more is expected are tried before the next wait. */
  isEarly(time: number): boolean {
    return this.#ticks < bounds.EXPECT_TURNS || time - this.#firstTick < bounds.EXPECT_NS;
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
}

/** Whether a wait is for room in who has just come: so that an older host lets go. */
export function letsGo([first, ...others]: readonly Subscription[]): boolean {
  return first?.type === Eventtype.FD_WRITE && others.length === 0;
}
