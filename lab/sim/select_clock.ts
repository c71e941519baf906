/** The clock of a component's ticks: the first reading after a `select` begins one. */
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
