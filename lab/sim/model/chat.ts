/**
 * The oracle for the chat: it follows the guest's socket calls and probes, and computes the bytes
 * that each client must get and which clients may be closed. It is written from the documents, not
 * from the code. The guest decides when, and in which order among clients, it handles input and
 * closes connections: the model accepts that order, and checks that each decision is justified and
 * in time.
 */
import { OracleFailure } from "../failure.js";
import { Drain } from "./drain.js";
import { checkAtRest, OWN_DECISIONS, reasonHolds, updateSlowness } from "./closes.js";
import { ServerModel } from "./server.js";
import type { Line } from "./line_splitter.js";
import { Log } from "./log.js";
import { type End, Session } from "./session.js";
import { otherBytes } from "./wrong_bytes.js";
import { RateLimiter } from "./rate_limiter.js";
import * as bounds from "./settings.js";
import { ProbeReports } from "./probe_reports.js";
import { countText, type Reason } from "./words.js";

export interface Clock {
  readonly now: number;
  readonly realtimeNs: bigint;
}

export class ChatModel<Client> {
  readonly sessions = new Map<number, Session<Client>>();
  /** The expected text on stderr. */
  readonly log: Log;
  readonly server: ServerModel;
  /** Handles what the guest reports through its probes beside its calls. */
  readonly reports = new ProbeReports(this);
  /** The time when the server began to stop, in nanoseconds. */
  stoppingSince: number | undefined;
  #isEnding = false;
  #drain: Drain | undefined;
  #arrivals = 0;
  /** Events that the guest has received and may not have handled yet, in order. */
  readonly #pending: (() => void)[] = [];
  /** The line that the guest handles; the model applies it when a result depends on it. */
  #line: (() => void) | undefined;
  #speaker: Session | undefined;
  /** The clocks of the present tick. The calendar is undefined until the guest reads it. */
  #tickNow: number;
  #milliseconds: number | undefined;
  #ticks = 0;
  #isWaiting = true;
  /** Deadlines of connections closed in this tick; a later clock reading may move them. */
  #ends: End[] = [];

  constructor(
    readonly settings: bounds.ChatSettings,
    private readonly clock: Clock,
  ) {
    this.#tickNow = clock.now;
    this.log = new Log(settings.logJson);
    this.server = new ServerModel(settings, {
      log: (event) => {
        this.log.say(event);
      },
      tickNow: () => this.#tickNow,
      tick: () => this.#ticks,
      milliseconds: () => this.#milliseconds ?? Number(clock.realtimeNs / 1_000_000n),
      seconds: () => Math.floor(this.server.context.milliseconds() / 1000),
      closing: () => this.#closing(),
    });
  }

  /** Queues an event. The guest handles it before the next event. */
  defer(deal: () => void): void {
    this.finishClient();
    this.#pending.push(deal);
  }

  /** Handles all queued events, and then the line that has begun. */
  settle(): void {
    this.#settleEvents();
    const line = this.#line;
    this.#line = undefined;
    line?.();
  }

  #settleEvents(): void {
    for (let deal = this.#pending.shift(); deal; deal = this.#pending.shift()) deal();
  }

  /** Ends the handling of the current client. */
  finishClient(): void {
    this.settle();
    this.server.input.finish();
  }

  /** Applies what precedes a send: at the end of a tick, or when a line needs room. */
  settleBeforeSend(): void {
    if (this.#speaker !== undefined) this.#settleEvents();
    else this.finishClient();
  }

  #closing(): End {
    const [least, most] = [this.#tickNow, this.clock.now].map((now) => now + bounds.CLOSE_NS);
    const end = { least: least ?? 0, most: most ?? 0 };
    this.#ends.push(end);
    return end;
  }

  accepted(fd: number, client: Client, proxied = false, remote = ""): Session<Client> {
    const { settings } = this;
    this.finishClient();
    const connections = this.sessions.size;
    const isHeard = connections < settings.maxClients + bounds.REFUSALS_AT_A_TIME;
    const [now, { maxLine, style }] = [this.#tickNow, settings];
    const rate = new RateLimiter(settings, now);
    const session = new Session(fd, isHeard, client, maxLine, proxied, style, rate, now);
    this.sessions.set(fd, session);
    if (!isHeard) return session;
    session.arrival = ++this.#arrivals;
    session.setName(`client-${session.arrival}`);
    if (!proxied) this.defer(() => this.server.knowSource(session, remote));
    return session;
  }

  received(fd: number, bytes: Buffer): void {
    const session = this.find(fd, "received from");
    session.waitedReadable = 0;
    this.defer(() => this.server.input.receive(session, bytes));
  }

  ended(fd: number): void {
    this.finishClient();
    const session = this.find(fd, "received from");
    if (session.ended) throw new OracleFailure("close", `fd ${fd} was read after its end`);
    session.ended = true;
  }

  /** Handles an error of `recv` other than EAGAIN: the connection is broken. */
  brokeReceiving(fd: number): void {
    this.finishClient();
    this.find(fd, "received from").broken = true;
  }

  /** Handles an error of `send` other than EAGAIN. The client's queued lines are dropped. */
  brokeSending(fd: number): void {
    this.settleBeforeSend();
    this.find(fd, "sent to").broken = true;
  }

  /** Begins a line of the guest. @param told the bytes; undefined if it is too long */
  lineBegins(fd: number, kind: Line["kind"], told: Buffer | undefined): void {
    this.settle();
    const session = this.find(fd, "heard");
    this.#speaker = session;
    this.#line = () => this.server.input.line(session, kind, told);
  }

  /** Ends a line of the guest. */
  lineEnds(): void {
    this.settle();
    if (this.#speaker !== undefined) updateSlowness(this.#speaker, this.settings);
    this.server.input.answered(this.#speaker);
    this.#speaker = undefined;
    this.server.endLine();
  }

  /** Handles a close by the guest. @throws {OracleFailure} if `reason` does not hold */
  closes(fd: number, reason: Reason): void {
    const session = this.sessions.get(fd);
    if (reason === "server stopping") this.#endDrain();
    if (reason === "another protocol") this.settle();
    if (reason === "another protocol" && session?.isOpen === true) {
      this.server.input.refuseLine(session);
    }
    if (session?.isOpen !== true || !OWN_DECISIONS.includes(reason)) return;
    const moment = { server: this.server, now: this.#tickNow, drain: this.#drain };
    // A line that is being handled may free memory first by a close, or may have a long answer.
    if (reason === "too slow") this.settleBeforeSend();
    else if (reason === "flood") this.settle();
    else this.finishClient();
    if (reason === "too slow" && !reasonHolds(reason, session, moment)) this.settle();
    if (this.sessions.get(fd)?.isOpen === true && !reasonHolds(reason, session, moment)) {
      throw new OracleFailure("close", `${session.name} is closed, and not for this: ${reason}`);
    }
    this.server.close(session, reason);
  }

  /**
   * Compares bytes passed to `send` with the outbox. @returns the bytes that the socket took
   * @param count their number; -1 if the send failed
   */
  sent(fd: number, offered: readonly Uint8Array[], count: number) {
    const session = this.find(fd, "sent to");
    // The answer to the pending line may be part of what is sent.
    if (!session.outbox.startsWith(offered)) this.settle();
    if (!session.outbox.startsWith(offered)) throw otherBytes(session, offered);
    this.server.durability.heard();
    session.waitedWritable = 0;
    const taken = session.outbox.take(Math.max(count, 0));
    updateSlowness(session, this.settings);
    session.lists.read(taken, session.style);
    return taken;
  }

  closed(fd: number): Session<Client> {
    this.finishClient();
    const session = this.find(fd, "closed");
    this.sessions.delete(fd);
    if (!session.isHeard) return session;
    const { name, reason, broken, outbox, end } = session;
    if (reason === undefined && !broken) {
      throw new OracleFailure("close", `${name} was closed without a reason`);
    }
    session.endedInTime = this.clock.now < (end?.least ?? Infinity) - bounds.SLACK_NS;
    if (!broken && session.endedInTime && outbox.bytes > 0) {
      throw new OracleFailure("close", `${name} was closed while ${outbox.bytes} bytes were owed`);
    }
    this.server.connectionClosed(session);
    return session;
  }

  /** Stops the server at once: an operator has asked for it. */
  stop(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#shutDoors();
    for (const session of this.sessions.values()) this.server.close(session, "server stopping");
  }

  /** Begins a drain, which closes clients one by one. @returns false if it stops already */
  drain(seconds: number): boolean {
    const { server } = this;
    if (server.isStopping) return false;
    const words = `the server is going down: within ${seconds} s you are closed`;
    for (const session of server.people.values()) server.tell(session, words);
    const message = `draining: ${countText(server.people.size, "person", "people")}, ${seconds} s`;
    this.log.say({ event: "draining", message });
    this.#shutDoors();
    this.#drain = new Drain(server, seconds);
    return true;
  }

  /** Ends a drain: its deadline has come. */
  #endDrain(): void {
    this.finishClient();
    if (this.#isEnding) return;
    if (this.#tickNow >= (this.#drain?.end ?? Infinity)) this.stop();
    else throw new OracleFailure("close", "the server stops, and nobody has asked it to");
  }

  #shutDoors(): void {
    this.stoppingSince ??= this.clock.now;
    this.server.isStopping = true;
  }

  /** Handles a reading of the calendar clock. The guest reads it at most once in a tick. */
  readsCalendar(milliseconds: number): void {
    this.#milliseconds = milliseconds;
  }

  /** Handles a reading of the monotonic clock, the clock of the guest's timers. */
  readsClock(now: number): void {
    if (this.#isWaiting) return;
    this.server.slack = Math.max(this.server.slack, bounds.SLACK_NS + now - this.#tickNow);
    for (const end of this.#ends) end.most = Math.max(end.most, now + bounds.CLOSE_NS);
  }

  /** Handles the beginning of a tick, with the clock in nanoseconds. */
  tickBegan(now: number): void {
    this.finishClient();
    this.#ticks++;
    this.#isWaiting = false;
    this.#tickNow = now;
    this.#milliseconds = undefined;
    this.#ends = [];
  }

  /** Checks that no work is left when the guest waits. @param wokenAt the end of its last wait */
  waits(wokenAt: number): void {
    this.finishClient();
    this.#isWaiting = true;
    this.#ends = [];
    if (this.server.keeps) this.server.durability.waits();
    this.#drain?.checkProgress(wokenAt);
    this.server.announcements.checkAtRest(wokenAt);
    for (const session of this.sessions.values()) {
      if (session.isOpen) this.server.input.checkQueued(session, wokenAt);
      checkAtRest(session, this.server, wokenAt);
      // A server that stops announces no departures.
      if (session.isOpen && !this.server.isStopping) session.lists.check(session);
    }
  }

  /** @throws {OracleFailure} if the descriptor has no session, or a broken one */
  find(fd: number, done: string): Session<Client> {
    const session = this.sessions.get(fd);
    if (session === undefined) throw new OracleFailure("descriptor", `fd ${fd} was ${done}`);
    if (session.broken && done !== "closed") {
      throw new OracleFailure("close", `${session.name} was ${done} after it had broken`);
    }
    return session;
  }
}
