/**
 * A drain: the server closes its clients one by one within a time and then stops, as
 * guide/operate.md says.
 */
import { OracleFailure } from "../failure.js";
import { SECOND_NS } from "../../world/world.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";

const STEP_NS = 0.1 * SECOND_NS;

export class Drain {
  readonly end: number;
  readonly #span: number;
  readonly #total: number;

  constructor(
    private readonly server: ServerModel,
    seconds: number,
  ) {
    this.#span = seconds * SECOND_NS;
    this.end = server.context.tickNow() + this.#span;
    this.#total = server.people.size;
  }

  /** Returns the number of clients that may stay now: it falls in proportion to the time left. */
  #clientsAllowed(now: number): number {
    return Math.ceil((this.#total * Math.max(this.end - now, 0)) / this.#span);
  }

  /**
   * Returns true if this session is the next to be closed and its time has come. The oldest goes
   * first.
   */
  sendsAway(session: Session): boolean {
    const [first] = this.server.people.values();
    return (
      first === session &&
      this.server.people.size > this.#clientsAllowed(this.server.context.tickNow())
    );
  }

  checkProgress(wokenAt: number): void {
    const at = wokenAt - STEP_NS - this.server.slack;
    const { size } = this.server.people;
    const isLate = this.#span > 0 && size > this.#clientsAllowed(at);
    if (isLate) throw new OracleFailure("close", `${size} people are left by the drain`);
  }
}
