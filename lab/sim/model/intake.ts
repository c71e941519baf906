/**
 * What comes from one client: first bytes, then lines, each in its turn. Which line it deals with
 * when, and who waits, the module says; here it is held against what has come, and the limits.
 */
import { SECOND_NS } from "../../world/world.js";
import { OracleFailure } from "../failure.js";
import { protocolOfLine } from "./foreign.js";
import type { Hall } from "./hall.js";
import type { Line } from "./line_splitter.js";
import type { Person } from "./member.js";
import { LINE_COST } from "./settings.js";
import { countText } from "./words.js";

/** Of whom the module handles something. */
interface Current {
  person: Person;
  /** Whether it has just been read. */
  isRead: boolean;
  /** Whether a line of it was dealt with. */
  isNew: boolean;
  /** Whether all that has come of it was looked at. */
  isEnded: boolean;
  /** Whether it has flooded for too long. */
  isOverdue: boolean;
}

export class Intake {
  #current: Current | undefined;

  constructor(private readonly hall: Hall) {}

  get #now(): number {
    return this.hall.around.tickNow();
  }

  /** What has been received of somebody's. */
  receive(person: Person, bytes: Buffer): void {
    if (!person.isOpen) return;
    person.receivedBytes += bytes.length;
    let from = 0;
    if (person.first !== undefined) {
      const { kind, taken, source } = person.first.offer(bytes);
      from = taken;
      if (kind !== "more") person.first = undefined;
      if (kind === "malformed") this.hall.close(person, "malformed proxy header");
      else if (kind === "forged") this.hall.close(person, "proxy header not expected here");
      else if (kind === "local") person.isProbe = true;
      else if (kind === "header") this.hall.knowSource(person, source);
    }
    if (bytes.length > from) this.#lookAt(person, bytes.subarray(from));
    // What a proxy says is not its own.
    if (bytes.length > from) person.silence.heard(this.#now);
    if (person.isQueued) throw this.#failure(person, "is read while its lines wait");
    person.lines.offer(bytes.subarray(from), this.hall.settings.maxLine);
    this.#begin(person, true);
  }

  #begin(person: Person, isRead: boolean): void {
    this.#current = { person, isRead, isNew: false, isEnded: false, isOverdue: false };
  }

  #lookAt(person: Person, bytes: Buffer): void {
    if (person.isProbe) this.hall.knowSource(person, "");
    person.isProbe = false;
    if (!person.isOpen || person.foreign === undefined) return;
    const protocol = person.foreign.offer(bytes);
    if (protocol === undefined) return;
    person.foreign = undefined;
    if (protocol !== "") this.#refuseForeign(person, protocol);
  }

  #refuseForeign(person: Person, protocol: string): void {
    person.parting = protocol;
    const message = `${person.name} speaks ${protocol}`;
    this.hall.around.log({ event: "another-protocol", message });
    this.hall.close(person, "another protocol");
  }

  /** The module refuses somebody for its first line, which must be of another protocol. */
  refuseLine(person: Person): void {
    const line = person.lines.hasMore ? person.lines.next() : person.lines.last();
    const protocol = line === undefined ? "" : protocolOfLine(line.bytes);
    if (!person.isFirstLine || protocol === "") {
      throw this.#failure(person, "is refused, and speaks no other protocol");
    }
    this.#refuseForeign(person, protocol);
  }

  /** Its bytes have waited, or it was not read, and it goes on. */
  takeTurn(person: Person): void {
    person.origin?.takeTurn(person);
    person.turnDue = undefined;
    person.silence.heard(this.#now);
    this.#begin(person, false);
  }

  /** The module deals with a line: it is the next, and has its turn. @param told its bytes */
  line(person: Person, kind: Line["kind"], told: Buffer | undefined): void {
    if (told !== undefined && person.isFirstLine && protocolOfLine(told) !== "") {
      throw this.#failure(person, "speaks another protocol, and is not refused");
    }
    const isLast = person.ended && !person.lines.hasMore;
    const line = isLast ? person.lines.last() : person.lines.next();
    const isSame = line?.kind === kind && told?.equals(line.bytes) !== false;
    if (line === undefined || !isSame) {
      throw this.#failure(person, `has said ${JSON.stringify(line)}, not ${String(told)}`);
    }
    if (!isLast && !person.mayHaveTurn(this.#now)) {
      throw this.#failure(person, "has a line dealt with before its turn");
    }
    this.#assertCharged(person);
    if (!isLast) person.spend(this.#now);
    if (!isLast) person.chargeable = line.bytes.length - person.owed.answered;
    if (this.#current?.person === person) this.#current.isNew = true;
    this.hall.dealWith(person, line);
  }

  /** The module counts the line before as so many lines more: by its bytes, and by its answer. */
  charge(person: Person, lines: number): void {
    const due = Math.floor((person.chargeable ?? 0) / LINE_COST);
    if (lines !== due) throw this.#failure(person, `is charged ${lines} lines, and not ${due}`);
    person.chargeable = undefined;
    person.charge(this.#now, lines);
  }

  /** The line is dealt with, and answered. */
  dealt(person: Person | undefined): void {
    if (person?.chargeable !== undefined) person.chargeable += person.owed.answered;
  }

  /** A line that costs more than one has been charged before the next is dealt with. */
  #assertCharged(person: Person): void {
    if ((person.chargeable ?? 0) >= LINE_COST) {
      throw this.#failure(person, "is not charged for a long line or answer");
    }
    person.chargeable = undefined;
  }

  /** Telnet is answered when there is no line left. @param told the bytes of the answer */
  answerTelnet(person: Person, told: Buffer): void {
    this.#assertNoLine(person);
    const answers = person.lines.telnet.takeAnswers();
    if (!answers.equals(told)) throw this.#failure(person, "gets another answer of telnet");
    person.owed.say(told);
  }

  areYouThere(person: Person): void {
    this.#assertNoLine(person);
    if (!person.lines.telnet.isAsked) throw this.#failure(person, "has not asked: are you there");
    person.lines.telnet.isAsked = false;
    this.hall.tell(person, "yes, the server is here");
  }

  /** Its bytes wait for a turn: it must have none. */
  wait(person: Person): void {
    const now = this.#now;
    const current = this.#current;
    if (person.isQueued || current?.person !== person) return;
    // All that has come may be dealt with, and have been too much without a line.
    if (person.mustHaveTurn(now) || !person.lines.hasMore) this.#passOver(current);
    if (person.mustHaveTurn(now)) throw this.#failure(person, "waits, and no limit is reached");
    if (!person.lines.isSkipping) person.silence.line(now, false, false);
    const seconds = person.pace.wait(now);
    person.turnDue = now + seconds * SECOND_NS;
    current.isOverdue =
      person.pace.isOverdue(now) || person.origin?.isOverdue(person, now) === true;
    if (seconds === 0 && !current.isOverdue) person.origin?.wait(person, now);
  }

  /** The module tells somebody, once for each flood, that its lines wait. */
  flood(person: Person, isShared: boolean): void {
    const { pace, origin } = person;
    const { rate, addressRate } = this.hall.settings;
    const isNews = isShared ? origin?.isNews(person) === true : pace.floodSince === undefined;
    if (!isNews) throw this.#failure(person, "is told again that it floods");
    if (isShared) origin?.tells(person);
    else pace.floodSince = this.#now;
    const words = isShared
      ? `all from your address send more than ${countText(addressRate, "line")}`
      : `you are sending more than ${countText(rate, "line")}`;
    const cost = "long lines and answers count as several";
    this.hall.tell(person, `${words} a second (${cost}): the rest waits for its turn`);
  }

  /** Something else has the module's attention: all that could be dealt with has been. */
  finish(): void {
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    const { person, isOverdue } = current;
    person.origin?.endTurn();
    if (!person.isOpen) return;
    if (isOverdue) throw this.#failure(person, "floods for too long, and is not closed");
    if (person.isQueued) this.#assertTold(person);
    if (this.#passOver(current) && !person.isQueued && !person.mayHaveTurn(this.#now)) {
      throw this.#failure(person, "has reached a limit, and does not wait");
    }
  }

  /** What was read and has no line costs as if it had one. @returns whether it does */
  #passOver(current: Current): boolean {
    const { person, isRead } = current;
    if (!person.isQueued) this.#endReading(current);
    const costs = isRead && (person.lines.isSkipping || person.lines.isEdited);
    current.isRead = false;
    if (costs) person.spend(this.#now);
    return costs;
  }

  /** There is no line left of what has come. */
  #endReading(current: Current): void {
    const { person, isNew, isEnded } = current;
    const { lines, silence } = person;
    if (isEnded) return;
    current.isEnded = true;
    this.#assertNoLine(person);
    silence.line(this.#now, lines.isUnfinished, isNew);
    if (!lines.telnet.isAsked && lines.telnet.takeAnswers().length === 0) return;
    throw this.#failure(person, "is not answered by telnet");
  }

  #assertNoLine(person: Person): void {
    const line = person.lines.hasMore ? person.lines.next() : undefined;
    // What one says that is closed in this tick, as it is owed too much, is not dealt with.
    if (line === undefined || person.isTooSlow) return;
    throw this.#failure(person, "has its turn, and a line of it is not dealt with");
  }

  #assertTold({ pace, name, turnDue = 0 }: Person): void {
    const isShared = turnDue <= this.#now;
    const isTold = isShared || pace.floodSince !== undefined;
    if (!isTold) throw new OracleFailure("limit", `${name} is not told that its lines wait`);
  }

  /** Whether its bytes still wait whenever the module waits, though no limit holds them. */
  checkWaiting(person: Person, wokenAt: number): void {
    const { turnDue = Infinity, restUntil, origin, pace } = person;
    const at = wokenAt - this.hall.slack;
    origin?.passOverGone(at);
    const isHeld = at < Math.max(turnDue, restUntil) || pace.wait(at) > 0;
    const isNew = at < this.hall.limits.changedAt + 2 * SECOND_NS;
    if (isHeld || isNew || origin?.hasTokens(at) === false) return;
    throw this.#failure(person, "has lines that wait, and no limit is reached");
  }

  #failure({ name }: Person, what: string): OracleFailure {
    return new OracleFailure("limit", `${name} ${what}`);
  }
}
