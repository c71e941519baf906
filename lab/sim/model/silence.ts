/**
 * How long one may say nothing, or leave a line unfinished: kept to the second, by one timer for
 * all, which looks at everybody when the first can be due.
 */
import { SECOND_NS } from "../../world/world.js";
import type { Hall } from "./hall.js";
import type { ChatSettings } from "./settings.js";
import type { Person, Steps, Stop } from "./steps.js";
import type { Timer } from "./timers.js";
import type { Reason } from "./words.js";

/** A warning comes after three quarters of the time, or so long before its end. */
const WARNING_SECONDS = 60;
/** Between two looks. */
const LEAST_NS = SECOND_NS;

export class Silence {
  #warnedAt = Infinity;
  #hasSpoken = false;
  #lineSince = Infinity;

  /** @param since when it was heard last, or came */
  constructor(private since: number) {}

  heard(now: number): void {
    this.since = now;
    this.#warnedAt = Infinity;
    this.#hasSpoken = true;
  }

  /**
   * What has come is dealt with, and a line is left unfinished, or is not.
   *
   * @returns whether its time begins now
   */
  line(now: number, isUnfinished: boolean, isNew: boolean): boolean {
    const begins = isUnfinished && (isNew || this.#lineSince === Infinity);
    if (begins) this.#lineSince = now;
    else if (!isUnfinished) this.#lineSince = Infinity;
    return begins;
  }

  fault(now: number, settings: ChatSettings): Reason | undefined {
    if (now >= this.#lineDue(settings)) return "unfinished line";
    if (now >= this.#loginDue(settings)) return "said nothing";
    return now >= this.#idleEnd(settings) ? "idle" : undefined;
  }

  mustWarn(now: number, settings: ChatSettings): boolean {
    return this.#warnedAt === Infinity && now >= this.#due(warnAfter(settings));
  }

  warn(now: number): void {
    this.#warnedAt = now;
  }

  /** When somebody should look. */
  next(settings: ChatSettings): number {
    const isWarned = this.#warnedAt !== Infinity;
    const idle = isWarned ? this.#idleEnd(settings) : this.#due(warnAfter(settings));
    return Math.min(idle, this.#lineDue(settings), this.#loginDue(settings));
  }

  #due(seconds: number): number {
    return seconds === 0 ? Infinity : this.since + Math.floor(seconds * SECOND_NS);
  }

  /** Nobody is closed unwarned, nor sooner after the warning than it says. */
  #idleEnd(settings: ChatSettings): number {
    const { idleSeconds } = settings;
    if (this.#warnedAt === Infinity || idleSeconds === 0) return Infinity;
    const notice = Math.floor((idleSeconds - warnAfter(settings)) * SECOND_NS);
    return Math.max(this.#due(idleSeconds), this.#warnedAt + notice);
  }

  #loginDue({ loginSeconds }: ChatSettings): number {
    return this.#hasSpoken ? Infinity : this.#due(loginSeconds);
  }

  #lineDue({ lineSeconds }: ChatSettings): number {
    return lineSeconds === 0 ? Infinity : this.#lineSince + lineSeconds * SECOND_NS;
  }
}

function warnAfter({ idleSeconds }: ChatSettings): number {
  return Math.max(idleSeconds * 0.75, idleSeconds - WARNING_SECONDS);
}

/** The one timer. */
export class Sweep {
  #timer: Timer | undefined;
  #due = Infinity;
  #last = 0;

  constructor(private readonly hall: Hall) {}

  /** Somebody can be due by then. */
  *by(due: number): Steps {
    const at = Math.max(due, this.#last + LEAST_NS);
    if (due === Infinity || at >= this.#due) return;
    this.#due = at;
    this.#timer?.cancel();
    const wait = Math.max(at - this.hall.around.tickNow(), 0);
    this.#timer = this.hall.timers.add(wait / SECOND_NS, () => this.#look());
    yield "clock";
  }

  *#look(): Steps {
    this.#timer = undefined;
    this.#due = Infinity;
    this.#last = this.hall.around.tickNow();
    let next = Infinity;
    for (const person of this.hall.live) next = Math.min(next, yield* this.#judge(person));
    yield* this.by(next);
  }

  *#judge(person: Person): Generator<Stop, number, undefined> {
    if (!person.isActive) return Infinity;
    const { hall } = this;
    const { settings } = hall;
    const now = hall.around.tickNow();
    const { silence } = person;
    const fault = silence.fault(now, settings);
    if (fault !== undefined) {
      yield* hall.close(person, fault);
      return Infinity;
    }
    if (silence.mustWarn(now, settings)) {
      silence.warn(now);
      const seconds = Math.floor(settings.idleSeconds - warnAfter(settings));
      hall.tell(
        person,
        `you have said nothing for long: in ${seconds} s you are closed, unless you do`,
      );
    }
    return silence.next(settings);
  }
}
