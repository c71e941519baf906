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
import { checkAtRest, FOUND, isTrue, judge } from "./ends.js";
import { Hall } from "./hall.js";
import type { Line } from "./line_splitter.js";
import { Log } from "./log.js";
import { type End, Member, type Person } from "./member.js";
import { otherBytes } from "./offered.js";
import { Pace } from "./pace.js";
import * as bounds from "./settings.js";
import { Told } from "./told.js";
import { countText, type Reason } from "./words.js";

export interface Clock {
  readonly now: number;
  readonly realtimeNs: bigint;
}

export class ChatModel<Client> {
  readonly members = new Map<number, Member<Client>>();
  /** What must stand on stderr. */
  readonly log: Log;
  readonly hall: Hall;
  /** Of what the module tells beside its calls. */
  readonly told = new Told(this);
  /** Since when the server is stopping. */
  stoppingSince: number | undefined;
  #isEnding = false;
  #drain: Drain | undefined;
  #arrivals = 0;
  /** What has befallen the module, in order, and is maybe not dealt with yet. */
  readonly #pending: (() => void)[] = [];
  /** The line that the module has begun to deal with, until that shows, and whose it is. */
  #line: (() => void) | undefined;
  #speaker: Person | undefined;
  /** The tick's clocks; the second once the module has asked for it. */
  #tickNow: number;
  #milliseconds: number | undefined;
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
    this.hall = new Hall(settings, {
      log: (event) => {
        this.log.say(event);
      },
      tickNow: () => this.#tickNow,
      tick: () => this.#ticks,
      milliseconds: () => this.#milliseconds ?? Number(clock.realtimeNs / 1_000_000n),
      seconds: () => Math.floor(this.hall.around.milliseconds() / 1000),
      closing: () => this.#closing(),
    });
  }

  /** Something befalls the module, which deals with it before anything else befalls it. */
  later(deal: () => void): void {
    this.turnsAway();
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
  turnsAway(): void {
    this.settle();
    this.hall.intake.finish();
  }

  /** Something is sent, at the end of a tick or in the midst of a line that needs room. */
  #sendingEnds(): void {
    if (this.#speaker !== undefined) this.#settleEvents();
    else this.turnsAway();
  }

  #closing(): End {
    const [least, most] = [this.#tickNow, this.clock.now].map((now) => now + bounds.CLOSE_NS);
    const end = { least: least ?? 0, most: most ?? 0 };
    this.#ends.push(end);
    return end;
  }

  accepted(fd: number, client: Client, proxied = false, remote = ""): Member<Client> {
    const { settings } = this;
    this.turnsAway();
    const connections = this.members.size;
    const isHeard = connections < settings.maxClients + bounds.REFUSALS_AT_A_TIME;
    const pace = new Pace(settings, this.#tickNow);
    const { maxLine, style } = settings;
    const member = new Member(fd, isHeard, client, maxLine, proxied, style, pace, this.#tickNow);
    this.members.set(fd, member);
    if (!isHeard) return member;
    member.setName(`client-${++this.#arrivals}`);
    if (!proxied) this.later(() => this.hall.knowSource(member, remote));
    return member;
  }

  received(fd: number, bytes: Buffer): void {
    const member = this.find(fd, "received from");
    member.waitedReadable = 0;
    this.later(() => this.hall.intake.receive(member, bytes));
  }

  ended(fd: number): void {
    this.turnsAway();
    const member = this.find(fd, "received from");
    if (member.ended) throw new OracleFailure("close", `fd ${fd} was read after its end`);
    member.ended = true;
  }

  /** Receiving from this one has failed for good. */
  brokeReceiving(fd: number): void {
    this.turnsAway();
    this.find(fd, "received from").broken = true;
  }

  /** Sending has: its own lines that are not dealt with yet will not be said. */
  brokeSending(fd: number): void {
    this.#sendingEnds();
    this.find(fd, "sent to").broken = true;
  }

  /** The module begins to deal with a line. @param told its bytes, unless it is too long */
  dealsWith(fd: number, kind: Line["kind"], told: Buffer | undefined): void {
    this.settle();
    const person = this.find(fd, "heard");
    this.#speaker = person;
    this.#line = () => this.hall.intake.line(person, kind, told);
  }

  /** The module has dealt with it. */
  dealtWith(): void {
    this.settle();
    if (this.#speaker !== undefined) judge(this.#speaker, this.settings);
    this.hall.intake.dealt(this.#speaker);
    this.#speaker = undefined;
    this.hall.endLine();
  }

  /** The module closes a client, for a reason that must be true. */
  closes(fd: number, reason: Reason): void {
    const person = this.members.get(fd);
    if (reason === "server stopping") this.#endDrain();
    if (reason === "another protocol") this.settle();
    if (reason === "another protocol" && person?.isOpen === true) {
      this.hall.intake.refuseLine(person);
    }
    if (person?.isOpen !== true || !FOUND.includes(reason)) return;
    const moment = { hall: this.hall, now: this.#tickNow, drain: this.#drain };
    // A line that is being dealt with may make room for itself first, or be answered at length.
    if (reason === "too slow") this.#sendingEnds();
    else if (reason === "flood") this.settle();
    else this.turnsAway();
    if (reason === "too slow" && !isTrue(reason, person, moment)) this.settle();
    if (this.members.get(fd)?.isOpen === true && !isTrue(reason, person, moment)) {
      throw new OracleFailure("close", `${person.name} is closed, and not for this: ${reason}`);
    }
    this.hall.close(person, reason);
  }

  /**
   * The module offers `offered` to the socket, which takes `count` of it (-1: none, it failed).
   * @returns what is on its way to the client now
   */
  sent(fd: number, offered: readonly Uint8Array[], count: number) {
    const member = this.find(fd, "sent to");
    if (!member.owed.startsWith(offered)) this.#checkOffered(member, offered);
    this.hall.promised.heard();
    member.waitedWritable = 0;
    const taken = member.owed.take(Math.max(count, 0));
    judge(member, this.settings);
    return taken;
  }

  /** What is offered may follow from what the module has just begun to deal with. */
  #checkOffered(member: Person, offered: readonly Uint8Array[]): void {
    this.settle();
    if (!member.owed.startsWith(offered)) throw otherBytes(member, offered);
  }

  closed(fd: number): Member<Client> {
    this.turnsAway();
    const member = this.find(fd, "closed");
    this.members.delete(fd);
    if (!member.isHeard) return member;
    const { name, reason, broken, owed, end } = member;
    if (reason === undefined && !broken) {
      throw new OracleFailure("close", `${name} was closed without a reason`);
    }
    member.endedInTime = this.clock.now < (end?.least ?? Infinity) - bounds.SLACK_NS;
    if (!broken && member.endedInTime && owed.bytes > 0) {
      throw new OracleFailure("close", `${name} was closed while ${owed.bytes} bytes were owed`);
    }
    this.hall.bidFarewell(member);
    return member;
  }

  /** Somebody has asked the server to stop. */
  stop(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#shutDoors();
    for (const person of this.members.values()) this.hall.close(person, "server stopping");
  }

  /** Somebody has asked it to do so slowly. @returns false if it stops already */
  drain(seconds: number): boolean {
    const { hall } = this;
    if (hall.isStopping) return false;
    const words = `the server is going down: within ${seconds} s you are closed`;
    for (const person of hall.people.values()) hall.tell(person, words);
    const message = `draining: ${countText(hall.people.size, "person", "people")}, ${seconds} s`;
    this.log.say({ event: "draining", message });
    this.#shutDoors();
    this.#drain = new Drain(hall, seconds);
    return true;
  }

  /** The time of a drain is up. */
  #endDrain(): void {
    this.turnsAway();
    if (this.#isEnding) return;
    if (this.#tickNow >= (this.#drain?.end ?? Infinity)) this.stop();
    else throw new OracleFailure("close", "the server stops, and nobody has asked it to");
  }

  #shutDoors(): void {
    this.stoppingSince ??= this.clock.now;
    this.hall.isStopping = true;
  }

  readsCalendar(milliseconds: number): void {
    this.#milliseconds = milliseconds;
  }

  /** The module has read the clock that timers count from. */
  readsClock(now: number): void {
    if (this.#isWaiting) return;
    this.hall.slack = Math.max(this.hall.slack, bounds.SLACK_NS + now - this.#tickNow);
    for (const end of this.#ends) end.most = Math.max(end.most, now + bounds.CLOSE_NS);
  }

  /** This is the tick's clock. */
  tickBegan(now: number): void {
    this.turnsAway();
    this.#ticks++;
    this.#isWaiting = false;
    this.#tickNow = now;
    this.#milliseconds = undefined;
    this.#ends = [];
  }

  /** The module has done all it had to, and waits. */
  waits(wokenAt: number): void {
    this.turnsAway();
    this.#isWaiting = true;
    this.#ends = [];
    if (this.hall.keeps) this.hall.promised.waits();
    this.#drain?.checkProgress(wokenAt);
    for (const member of this.members.values()) {
      if (member.isOpen) this.hall.intake.checkWaiting(member, wokenAt);
      checkAtRest(member, this.hall, wokenAt);
    }
  }

  /** @param done what the module has done to it */
  find(fd: number, done: string): Member<Client> {
    const member = this.members.get(fd);
    if (member === undefined) throw new OracleFailure("descriptor", `fd ${fd} was ${done}`);
    if (member.broken && done !== "closed") {
      throw new OracleFailure("close", `${member.name} was ${done} after it had broken`);
    }
    return member;
  }
}
