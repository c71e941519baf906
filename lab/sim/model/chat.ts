/**
 * The chat as it should be: told of each call that the module makes on its sockets, and by its
 * probes of what it is about, it says which bytes each client must get, and who may be closed.
 * Written from README.md, DESIGN.md and docs/.
 *
 * The module chooses when, and in which order among clients, it deals with what has come, or ends a
 * connection. That is followed, and must be true and in time. What each client gets for it is known
 * byte by byte.
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
import type { Reason } from "./words.js";

export interface Clock {
  readonly now: number;
  readonly realtimeNs: bigint;
}

export class ChatModel<Client> {
  readonly sessions = new Map<number, Session<Client>>();
  /** What must stand on stderr. */
  readonly log: Log;
  readonly server: ServerModel;
  /** Of what the module tells beside its calls. */
  readonly reports = new ProbeReports(this);
  /** Since when the server is stopping. */
  stoppingSince: number | undefined;
  #isEnding = false;
  #drain: Drain | undefined;
  #arrivals = 0;
  /** What has befallen the module, in order, and is maybe not dealt with yet. */
  readonly #pending: (() => void)[] = [];
  /** The line that the module has begun to deal with, until that shows, and whose it is. */
  #line: (() => void) | undefined;
  #speaker: Session | undefined;
  /** The tick's clocks; the second once the module has asked for it. */
  #tickNow: number;
  #seconds: number | undefined;
  #ticks = 0;
  #isWaiting = true;
  /** Ends that were set in this tick, for which the clock may yet be read. */
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
      seconds: () => this.#seconds ?? Number(clock.realtimeNs / 1_000_000_000n),
      closing: () => this.#closing(),
    });
  }

  /** Something befalls the module, which deals with it before anything else befalls it. */
  defer(deal: () => void): void {
    this.finishClient();
    this.#pending.push(deal);
  }

  /** All that has befallen the module is dealt with. */
  settle(): void {
    this.#settleEvents();
    const line = this.#line;
    this.#line = undefined;
    line?.();
  }

  #settleEvents(): void {
    for (let deal = this.#pending.shift(); deal; deal = this.#pending.shift()) deal();
  }

  /** Something else than the last client has the module's attention now. */
  finishClient(): void {
    this.settle();
    this.server.input.finish();
  }

  /** Something is sent, at the end of a tick or in the midst of a line that needs room. */
  #settleBeforeSend(): void {
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
    session.setName(`client-${++this.#arrivals}`);
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

  /** Receiving from this one has failed for good. */
  brokeReceiving(fd: number): void {
    this.finishClient();
    this.find(fd, "received from").broken = true;
  }

  /** Sending has: its own lines that are not dealt with yet will not be said. */
  brokeSending(fd: number): void {
    this.#settleBeforeSend();
    this.find(fd, "sent to").broken = true;
  }

  /** The module begins to deal with a line. @param told its bytes, unless it is too long */
  lineBegins(fd: number, kind: Line["kind"], told: Buffer | undefined): void {
    this.settle();
    const session = this.find(fd, "heard");
    this.#speaker = session;
    this.#line = () => this.server.input.line(session, kind, told);
  }

  /** The module has dealt with it. */
  lineEnds(): void {
    this.settle();
    if (this.#speaker !== undefined) updateSlowness(this.#speaker, this.settings);
    this.#speaker = undefined;
    this.server.endLine();
  }

  /** The module closes a client, for a reason that must be true. */
  closes(fd: number, reason: Reason): void {
    const session = this.sessions.get(fd);
    if (reason === "server stopping") this.#endDrain();
    if (reason === "another protocol") this.settle();
    if (reason === "another protocol" && session?.isOpen === true) {
      this.server.input.refuseLine(session);
    }
    if (session?.isOpen !== true || !OWN_DECISIONS.includes(reason)) return;
    const moment = { server: this.server, now: this.#tickNow, drain: this.#drain };
    // A line that is being dealt with may make room for itself first, or be answered at length.
    if (reason === "too slow") this.#settleBeforeSend();
    else if (reason === "flood") this.settle();
    else this.finishClient();
    if (reason === "too slow" && !reasonHolds(reason, session, moment)) this.settle();
    if (this.sessions.get(fd)?.isOpen === true && !reasonHolds(reason, session, moment)) {
      throw new OracleFailure("close", `${session.name} is closed, and not for this: ${reason}`);
    }
    this.server.close(session, reason);
  }

  /**
   * The module offers `offered` to the socket, which takes `count` of it (-1: none, it failed).
   * @returns what is on its way to the client now
   */
  sent(fd: number, offered: readonly Uint8Array[], count: number) {
    const session = this.find(fd, "sent to");
    if (!session.outbox.startsWith(offered)) this.#checkOffered(session, offered);
    this.server.durability.heard();
    session.waitedWritable = 0;
    const taken = session.outbox.take(Math.max(count, 0));
    updateSlowness(session, this.settings);
    return taken;
  }

  /** What is offered may follow from what the module has just begun to deal with. */
  #checkOffered(session: Session, offered: readonly Uint8Array[]): void {
    this.settle();
    if (!session.outbox.startsWith(offered)) throw otherBytes(session, offered);
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

  /** Somebody has asked the server to stop. */
  stop(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#shutDoors();
    for (const session of this.sessions.values()) this.server.close(session, "server stopping");
  }

  /** Somebody has asked it to do so slowly. @returns false if it stops already */
  drain(seconds: number): boolean {
    const { server } = this;
    if (server.isStopping) return false;
    const words = `the server is going down: within ${seconds} s you are closed`;
    for (const session of server.people.values()) server.tell(session, words);
    const message = `draining: ${server.people.size} people, ${seconds} s`;
    this.log.say({ event: "draining", message });
    this.#shutDoors();
    this.#drain = new Drain(server, seconds);
    return true;
  }

  /** The time of a drain is up. */
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

  /** The module has read the calendar, once in a tick. */
  readsCalendar(seconds: number): void {
    this.#seconds = seconds;
  }

  /** The module has read the clock that timers count from. */
  readsClock(now: number): void {
    if (this.#isWaiting) return;
    this.server.slack = Math.max(this.server.slack, bounds.SLACK_NS + now - this.#tickNow);
    for (const end of this.#ends) end.most = Math.max(end.most, now + bounds.CLOSE_NS);
  }

  /** This is the tick's clock. */
  tickBegan(now: number): void {
    this.finishClient();
    this.#ticks++;
    this.#isWaiting = false;
    this.#tickNow = now;
    this.#seconds = undefined;
    this.#ends = [];
  }

  /** The module has done all it had to, and waits. */
  waits(wokenAt: number): void {
    this.finishClient();
    this.#isWaiting = true;
    this.#ends = [];
    if (this.server.keeps) this.server.durability.waits();
    this.#drain?.checkProgress(wokenAt);
    for (const session of this.sessions.values()) {
      if (session.isOpen) this.server.input.checkQueued(session, wokenAt);
      checkAtRest(session, this.server, wokenAt);
    }
  }

  /** @param done what the module has done to it */
  find(fd: number, done: string): Session<Client> {
    const session = this.sessions.get(fd);
    if (session === undefined) throw new OracleFailure("descriptor", `fd ${fd} was ${done}`);
    if (session.broken && done !== "closed") {
      throw new OracleFailure("close", `${session.name} was ${done} after it had broken`);
    }
    return session;
  }
}
