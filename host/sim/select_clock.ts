/** The clock of a component's ticks, whose waits are probed: the first look after one begins it. */
import { TickClock } from "./tick_clock.js";

export class SelectClock extends TickClock {
  #isOver = false;

  waitIsOver(): void {
    this.#isOver = true;
  }

  override read(): boolean {
    const begins = this.#isOver;
    this.#isOver = false;
    return begins;
  }
}
