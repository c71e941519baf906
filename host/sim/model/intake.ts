/** What comes from one client: first bytes, then lines, each in its turn. */
import type { Hall } from "./hall.js";
import { REST_SECONDS } from "./settings.js";
import type { Person, Steps } from "./steps.js";

export class Intake {
  constructor(private readonly hall: Hall) {}

  /** What has been received of somebody's. */
  *receive(person: Person, bytes: Buffer): Steps {
    if (!person.isOpen) return;
    let from = 0;
    if (person.first !== undefined) {
      const { kind, taken, source } = person.first.offer(bytes);
      from = taken;
      if (kind !== "more") {
        person.first = undefined;
        person.deadline?.cancel();
      }
      if (kind === "malformed") yield* this.hall.close(person, "malformed proxy header");
      else if (kind === "forged") yield* this.hall.close(person, "proxy header not expected here");
      else if (kind === "header") yield* this.hall.knowSource(person, source);
    }
    person.lines.offer(bytes.subarray(from));
    yield* this.dealWithLines(person);
    if (person.lines.isSkipping) yield* this.#passOver(person);
  }

  /** A line without an end costs as if it had some. */
  *#passOver(person: Person): Steps {
    if (!person.isOpen) return;
    const now = this.hall.around.tickNow();
    person.pace.spend(now);
    if (!person.pace.hasTurn(now)) yield* this.#wait(person, now);
  }

  *dealWithLines(person: Person): Steps {
    const { lines, pace } = person;
    const now = this.hall.around.tickNow();
    while (person.isOpen && lines.hasMore) {
      if (!pace.hasTurn(now)) {
        yield* this.#wait(person, now);
        return;
      }
      const line = lines.next();
      if (line === undefined) return;
      pace.spend(now);
      yield* this.hall.dealWith(person, line);
    }
  }

  *#wait(person: Person, now: number): Steps {
    const { pace } = person;
    if (person.turn !== undefined) return;
    if (pace.isOverdue(now)) {
      yield* this.hall.close(person, "flood");
      return;
    }
    person.turn = this.hall.timers.add(pace.wait, () => this.#takeTurn(person));
    yield "clock";
    const { rate } = this.hall.settings;
    const text = `you are sending more than ${rate} lines a second: the rest waits for its turn`;
    if (pace.beginsFlood(now)) this.hall.tell(person, text);
  }

  *#takeTurn(person: Person): Steps {
    person.turn = undefined;
    if (!person.waits) yield* this.dealWithLines(person);
  }

  /** Those whom somebody reads slowly must wait a little before they say more. */
  *letRest(person: Person): Steps {
    if (!person.isOpen || person.rest !== undefined) return;
    person.rest = this.hall.timers.add(REST_SECONDS, () => this.#goOn(person));
    yield "clock";
  }

  *#goOn(person: Person): Steps {
    person.rest = undefined;
    if (!person.waits) yield* this.dealWithLines(person);
  }
}
