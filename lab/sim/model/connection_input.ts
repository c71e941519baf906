/**
 * The input of clients: first bytes, then lines under rate limits. The guest decides the order in
 * which it handles lines, and which client waits. The model checks each decision against the
 * received bytes and the limits.
 */
import { SECOND_NS } from "../../world/world.js";
import { OracleFailure } from "../failure.js";
import { protocolOfLine } from "./foreign_protocol.js";
import { checkHeld, checkHolding } from "./held_lines.js";
import type { ServerModel } from "./server.js";
import { clientText } from "./log.js";
import type { Line } from "./line_splitter.js";
import type { Session } from "./session.js";
import { LINE_COST, TURN_NS } from "./settings.js";
import { countText } from "./words.js";

/** The client whose input the guest handles at present. */
interface Current {
  session: Session;
  /** True if the guest has just read from it. */
  isRead: boolean;
  /** True if a line of it was handled. */
  isNew: boolean;
  /** True if all received bytes were examined. */
  isEnded: boolean;
  /** True if the client's flood has lasted longer than allowed. */
  mustCloseForFlood: boolean;
}

export class ConnectionInput {
  #current: Current | undefined;

  constructor(private readonly server: ServerModel) {}

  get #now(): number {
    return this.server.context.tickNow();
  }

  /** Takes bytes that were received from a client. */
  receive(session: Session, bytes: Buffer): void {
    if (!session.isOpen) return;
    session.receivedBytes += bytes.length;
    let from = 0;
    if (session.proxyHeader !== undefined) {
      const { kind, taken, source } = session.proxyHeader.offer(bytes);
      from = taken;
      if (kind !== "more") session.proxyHeader = undefined;
      if (kind === "malformed") this.server.close(session, "malformed proxy header");
      else if (kind === "forged") this.server.close(session, "proxy header not expected here");
      else if (kind === "local") session.isHealthCheck = true;
      else if (kind === "header") this.server.knowSource(session, source);
    }
    if (bytes.length > from) this.#lookAt(session, bytes.subarray(from));
    // A PROXY header comes from the proxy, so it does not count as a sign of life of the client.
    if (bytes.length > from) session.idleTimer.heard(this.#now);
    if (session.isQueued) throw this.#failure(session, "is read while its lines wait");
    session.lines.offer(bytes.subarray(from), this.server.settings.maxLine);
    this.#begin(session, true);
  }

  #begin(session: Session, isRead: boolean): void {
    this.#current = { session, isRead, isNew: false, isEnded: false, mustCloseForFlood: false };
  }

  #lookAt(session: Session, bytes: Buffer): void {
    if (session.isHealthCheck) this.server.knowSource(session, "");
    session.isHealthCheck = false;
    if (!session.isOpen || session.foreignProtocol === undefined) return;
    const protocol = session.foreignProtocol.offer(bytes);
    if (protocol === undefined) return;
    session.foreignProtocol = undefined;
    if (protocol !== "") this.#refuseForeign(session, protocol);
  }

  #refuseForeign(session: Session, protocol: string): void {
    session.parting = protocol;
    const message = `${clientText(session)} speaks ${protocol}`;
    this.server.context.log({ event: "another-protocol", message });
    this.server.close(session, "another protocol");
  }

  /** Checks a close for the client's first line: the line must be of another protocol. */
  refuseLine(session: Session): void {
    const line = session.lines.hasMore ? session.lines.next() : session.lines.last();
    const protocol = line === undefined ? "" : protocolOfLine(line.bytes);
    if (!session.isFirstLine || protocol === "") {
      throw this.#failure(session, "is refused, and speaks no other protocol");
    }
    this.#refuseForeign(session, protocol);
  }

  /**
   * Continues with a client whose lines have waited for a rate limiter, or that was not read
   * because of backpressure.
   */
  takeTurn(session: Session): void {
    session.addressLimiter?.takeTurn(session);
    session.turnDue = undefined;
    session.isHeld = false;
    session.heldWaits = 0;
    session.idleTimer.heard(this.#now);
    this.#begin(session, false);
  }

  /**
   * Handles the line that the guest reports: it must be the next one, and the rate limits must
   * allow it.
   *
   * @param reported its bytes; undefined for a line that is too long
   */
  line(session: Session, kind: Line["kind"], reported: Buffer | undefined): void {
    if (reported !== undefined && session.isFirstLine && protocolOfLine(reported) !== "") {
      throw this.#failure(session, "speaks another protocol, and is not refused");
    }
    const isLast = session.ended && !session.lines.hasMore;
    const line = isLast ? session.lines.last() : session.lines.next();
    const isSame = line?.kind === kind && reported?.equals(line.bytes) !== false;
    if (line === undefined || !isSame) {
      throw this.#failure(session, `has said ${JSON.stringify(line)}, not ${String(reported)}`);
    }
    if (!isLast && !session.mayHaveTurn(this.#now)) {
      throw this.#failure(session, "has a line dealt with before its turn");
    }
    this.#assertCharged(session);
    if (!isLast) session.spend(this.#now);
    if (!isLast) session.chargeable = line.bytes.length - session.outbox.answered;
    if (this.#current?.session === session) this.#current.isNew = true;
    this.server.handleLine(session, line);
  }

  /** Handles the charge for the previous line: further lines by its bytes and its answer's. */
  charge(session: Session, lines: number): void {
    const due = Math.floor((session.chargeable ?? 0) / LINE_COST);
    if (lines !== due) throw this.#failure(session, `is charged ${lines} lines, and not ${due}`);
    session.chargeable = undefined;
    session.charge(this.#now, lines);
  }

  /** Adds the answer to the cost of the session's line. */
  answered(session: Session | undefined): void {
    if (session?.chargeable !== undefined) session.chargeable += session.outbox.answered;
  }

  /** Checks that a line that costs more than one was charged before the next one. */
  #assertCharged(session: Session): void {
    if ((session.chargeable ?? 0) >= LINE_COST) {
      throw this.#failure(session, "is not charged for a long line or answer");
    }
    session.chargeable = undefined;
  }

  /**
   * Handles an answer to telnet commands; the guest sends it when no whole line is left.
   *
   * @param reported the bytes of the answer
   */
  answerTelnet(session: Session, reported: Buffer): void {
    this.#assertNoLine(session);
    const answers = session.lines.telnet.takeAnswers();
    if (!answers.equals(reported)) throw this.#failure(session, "gets another answer of telnet");
    session.outbox.say(reported);
  }

  areYouThere(session: Session): void {
    this.#assertNoLine(session);
    if (!session.lines.telnet.isAsked) throw this.#failure(session, "has not asked: are you there");
    session.lines.telnet.isAsked = false;
    this.server.tell(session, "yes, the server is here");
  }

  /** Handles the report that a client's lines wait: a rate limit must be the cause. */
  wait(session: Session): void {
    const now = this.#now;
    const current = this.#current;
    if (session.isQueued || current?.session !== session) return;
    // The guest may also have handled all lines, while bytes that form no line used up the limit.
    if (session.mustHaveTurn(now) || !session.lines.hasMore) this.#passOver(current);
    if (session.mustHaveTurn(now)) throw this.#failure(session, "waits, and no limit is reached");
    if (!session.lines.isSkipping) session.idleTimer.line(now, false, false);
    const seconds = session.rateLimiter.wait(now);
    session.turnDue = now + seconds * SECOND_NS;
    current.mustCloseForFlood =
      session.rateLimiter.mustCloseForFlood(now) ||
      session.addressLimiter?.mustCloseForFlood(session, now) === true;
    if (seconds === 0 && !current.mustCloseForFlood) session.addressLimiter?.wait(session, now);
  }

  /** Handles the report that lines wait until the client has read its answers. */
  hold(session: Session): void {
    const current = this.#current;
    if (session.isQueued || current?.session !== session) return;
    checkHolding(session, this.server);
    if (!session.lines.isSkipping) session.idleTimer.line(this.#now, false, false);
    session.isHeld = true;
    current.isEnded = true;
  }

  /**
   * Handles the notice that lines wait, which a client gets once in each flood.
   *
   * @param isShared true if the limit is that of the client's address
   */
  flood(session: Session, isShared: boolean): void {
    const { rateLimiter, addressLimiter } = session;
    const { rate, addressRate } = this.server.settings;
    const mustTellFlood = isShared
      ? addressLimiter?.mustTellFlood(session) === true
      : rateLimiter.floodSince === undefined;
    if (!mustTellFlood) throw this.#failure(session, "is told again that it floods");
    if (isShared) addressLimiter?.tells(session);
    else rateLimiter.floodSince = this.#now;
    const words = isShared
      ? `all from your address send more than ${countText(addressRate, "line")}`
      : `you are sending more than ${countText(rate, "line")}`;
    const cost = "long lines and answers count as several";
    this.server.tell(session, `${words} a second (${cost}): the rest waits for its turn`);
  }

  /**
   * Ends the handling of the present client, and checks that no line was left that could have been
   * handled.
   */
  finish(): void {
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    const { session, mustCloseForFlood } = current;
    session.addressLimiter?.endTurn();
    if (!session.isOpen) return;
    if (mustCloseForFlood) throw this.#failure(session, "floods for too long, and is not closed");
    if (session.isQueued) this.#assertTold(session);
    if (this.#passOver(current) && !session.isQueued && !session.mayHaveTurn(this.#now)) {
      throw this.#failure(session, "has reached a limit, and does not wait");
    }
  }

  /**
   * Charges a read that gave no line to the rate limiter, as if it were a line.
   *
   * @returns true if it was charged
   */
  #passOver(current: Current): boolean {
    const { session, isRead } = current;
    if (!session.isQueued) this.#endReading(current);
    const costs = isRead && (session.lines.isSkipping || session.lines.isEdited);
    current.isRead = false;
    if (costs) session.spend(this.#now);
    return costs;
  }

  /** Checks the state after the last line of a read was handled. */
  #endReading(current: Current): void {
    const { session, isNew, isEnded } = current;
    const { lines, idleTimer } = session;
    if (isEnded) return;
    current.isEnded = true;
    this.#assertNoLine(session);
    idleTimer.line(this.#now, lines.isUnfinished, isNew);
    // The guest handles no more lines of a client that it has marked as too slow.
    if (session.isTooSlow) return;
    if (!lines.telnet.isAsked && lines.telnet.takeAnswers().length === 0) return;
    throw this.#failure(session, "is not answered by telnet");
  }

  #assertNoLine(session: Session): void {
    const line = session.lines.hasMore ? session.lines.next() : undefined;
    // The guest drops the lines of a client that it closes in this tick because its outbox is too
    // large.
    if (line === undefined || session.isTooSlow) return;
    throw this.#failure(session, "has its turn, and a line of it is not dealt with");
  }

  #assertTold({ rateLimiter, name, turnDue = 0 }: Session): void {
    const isShared = turnDue <= this.#now;
    const isTold = isShared || rateLimiter.floodSince !== undefined;
    if (!isTold) throw new OracleFailure("limit", `${name} is not told that its lines wait`);
  }

  /**
   * Checks, whenever the guest waits, that lines only wait while a limit holds them back.
   *
   * @param wokenAt the time when the guest's previous wait ended, in nanoseconds
   */
  checkQueued(session: Session, wokenAt: number): void {
    const { turnDue = Infinity, heldBackUntil, addressLimiter, rateLimiter } = session;
    const at = wokenAt - TURN_NS - this.server.slack;
    checkHeld(session, this.server, at);
    addressLimiter?.passOverGone(at);
    const isHeld = at < Math.max(turnDue, heldBackUntil) || rateLimiter.wait(at) > 0;
    const isNew = at < this.server.limits.changedAt + 2 * SECOND_NS;
    if (isHeld || isNew || addressLimiter?.hasTokens(at) === false) return;
    throw this.#failure(session, "has lines that wait, and no limit is reached");
  }

  #failure({ name }: Session, what: string): OracleFailure {
    return new OracleFailure("limit", `${name} ${what}`);
  }
}
