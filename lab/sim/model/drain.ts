/** The end of a server that closes its clients one by one, as guide/operate.md says. */
import { SECOND_NS } from "../../world/world.js";
import type { Hall } from "./hall.js";
import type { Steps } from "./steps.js";

const STEP_SECONDS = 0.1;

export class Drain {
  readonly #end: number;
  readonly #span: number;
  readonly #total: number;

  /** @param stop ends what is left */
  constructor(
    private readonly hall: Hall,
    seconds: number,
    private readonly stop: () => Steps,
  ) {
    this.#span = seconds * SECOND_NS;
    this.#end = hall.around.tickNow() + this.#span;
    this.#total = hall.people.size;
  }

  /** Of the people, as many may stay as there is left of the time. */
  *step(): Steps {
    const { hall } = this;
    const left = this.#end - hall.around.tickNow();
    if (left <= 0) {
      yield* this.stop();
      return;
    }
    const stay = Math.ceil((this.#total * left) / this.#span);
    const people = [...hall.people.values()];
    for (const person of people.slice(0, Math.max(people.length - stay, 0))) {
      yield* hall.close(person, "server draining");
    }
    hall.timers.add(STEP_SECONDS, () => this.step());
    yield "clock";
  }
}
