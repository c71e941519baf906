/** What comes from one client: first bytes, then lines, each in its turn. */
import type { Hall } from "./hall.js";
import { REST_SECONDS } from "./settings.js";
import type { Person, Steps } from "./steps.js";

export class Intake {
  constructor(private readonly hall: Hall) {}

  get #now(): number {
    return this.hall.around.tickNow();
  }

  /** What has been received of somebody's. */
  *receive(person: Person, bytes: Buffer): Steps {
    if (!person.isOpen) return;
    person.receivedBytes += bytes.length;
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
      else if (kind === "local") person.isProbe = true;
      else if (kind === "header") yield* this.hall.knowSource(person, source);
    }
    if (bytes.length > from) yield* this.#lookAt(person, bytes.subarray(from));
    // What a proxy says is not its own.
    if (bytes.length > from) person.silence.heard(this.#now);
    person.lines.offer(bytes.subarray(from), this.hall.settings.maxLine);
    yield* this.dealWithLines(person);
    const { isSkipping, isEdited } = person.lines;
    if (isSkipping || isEdited) yield* this.#passOver(person);
  }

  *#lookAt(person: Person, bytes: Buffer): Steps {
    if (person.isProbe) yield* this.hall.knowSource(person, "");
    person.isProbe = false;
    if (!person.isOpen || person.foreign === undefined) return;
    const protocol = person.foreign.offer(bytes);
    if (protocol === undefined) return;
    person.foreign = undefined;
    if (protocol !== "") yield* this.refuseForeign(person, protocol);
  }

  /** Somebody speaks another protocol. */
  *refuseForeign(person: Person, protocol: string): Steps {
    person.parting = protocol;
    const message = `${person.name} speaks ${protocol}`;
    this.hall.around.log({ event: "another-protocol", message });
    yield* this.hall.close(person, "another protocol");
  }

  /** What has no line costs as if it had one. */
  *#passOver(person: Person): Steps {
    if (!person.isActive) return;
    person.spend(this.#now);
    if (!person.hasTurn(this.#now)) yield* this.#wait(person);
  }

  *dealWithLines(person: Person): Steps {
    const { lines } = person;
    let isNew = false;
    while (person.isActive && lines.hasMore) {
      if (!person.hasTurn(this.#now)) {
        yield* this.#wait(person);
        return;
      }
      const line = lines.next();
      if (line === undefined) break;
      isNew = true;
      person.spend(this.#now);
      yield* this.hall.dealWith(person, line);
    }
    if (!person.isActive) return;
    yield* this.#noteLine(person, lines.isUnfinished, isNew);
    this.#answerTelnet(person);
  }

  #answerTelnet(person: Person): void {
    const { telnet } = person.lines;
    const answers = telnet.takeAnswers();
    if (answers.length > 0) person.owed.say(answers);
    if (!telnet.isAsked) return;
    telnet.isAsked = false;
    this.hall.tell(person, "yes, the server is here");
  }

  /** A line that somebody has begun must end in time. */
  *#noteLine({ silence }: Person, isUnfinished: boolean, isNew: boolean): Steps {
    const begins = silence.line(this.#now, isUnfinished, isNew);
    if (begins) yield* this.hall.sweep.by(silence.next(this.hall.settings));
  }

  *#wait(person: Person): Steps {
    const { pace, origin } = person;
    if (person.isQueued) return;
    // It is not that one who makes this line wait.
    if (!person.lines.isSkipping) yield* this.#noteLine(person, false, false);
    const now = this.#now;
    if (origin?.isOverdue(person) === true || pace.isOverdue(now)) {
      yield* this.hall.close(person, "flood");
      return;
    }
    const seconds = pace.wait(now);
    if (seconds === 0 && origin !== undefined) {
      yield* origin.wait(person);
      return;
    }
    person.turn = this.hall.timers.add(seconds, () => this.#ownTurn(person));
    yield "clock";
    const { rate } = this.hall.settings;
    const text = `you are sending more than ${rate} lines a second: the rest waits for its turn`;
    if (pace.beginsFlood(now)) this.hall.tell(person, text);
  }

  *#ownTurn(person: Person): Steps {
    person.turn = undefined;
    yield* this.takeTurn(person);
  }

  /** Goes on with the lines that wait, if it is for nothing else that they do. */
  *takeTurn(person: Person): Steps {
    if (person.waits) return;
    person.silence.heard(this.#now);
    yield* this.dealWithLines(person);
  }

  /** Those whom somebody reads slowly must wait a little before they say more. */
  *letRest(person: Person): Steps {
    if (!person.isActive || person.rest !== undefined) return;
    person.rest = this.hall.timers.add(REST_SECONDS, () => this.#goOn(person));
    yield "clock";
  }

  *#goOn(person: Person): Steps {
    person.rest = undefined;
    yield* this.takeTurn(person);
  }
}
