/**
 * The chat as it should be: told of each call that the module makes on its sockets and clocks, it
 * says which bytes each client must get, and who is closed when and why. Written from README.md,
 * DESIGN.md and docs/.
 *
 * The order in which the module takes bytes from its clients fixes the order of what is said, and
 * the clock that it reads fixes when it must do what has its time. What was received is dealt with
 * when the next call shows that the module has done so: the stamp of a tick is read on the way.
 */
import { totalLength } from "../../../host/runtime/table/byte_queue.js";
import { OracleFailure } from "../failure.js";
import { checkAtRest } from "./at_rest.js";
import { Drain } from "./drain.js";
import { Calendar } from "./calendar.js";
import { Log, type LogEvent } from "./log.js";
import { Hall, nothing } from "./hall.js";
import { Member } from "./member.js";
import { Pace } from "./pace.js";
import * as bounds from "./settings.js";
import { checkOffered } from "./offered.js";
import { Progress } from "./progress.js";
import { Refused } from "./refused.js";
import { judgeSlow } from "./slow.js";
import type { Person, Steps } from "./steps.js";

export interface Clock {
  readonly now: number;
  readonly realtimeNs: bigint;
}

export class ChatModel<Client> {
  readonly members = new Map<number, Member<Client>>();
  /** Descriptors that are sent to because they can be, in this tick. */
  readonly writable = new Set<number>();
  /** What must stand on stderr. */
  readonly log: Log;
  readonly hall: Hall;
  /** Since when the server is stopping. */
  stoppingSince: number | undefined;
  #isEnding = false;
  #arrivals = 0;
  readonly #progress: Progress;
  readonly #refused: Refused;
  /** Owed more than the hard limit, and to be closed before the module waits. */
  readonly #tooSlow = new Set<Person>();
  readonly #calendar: Calendar;
  /** The tick's, once they are read. */
  #tickNow: number | undefined;
  #ticks = 0;

  constructor(
    readonly settings: bounds.ChatSettings,
    private readonly clock: Clock,
  ) {
    this.#calendar = new Calendar(() => clock.realtimeNs);
    this.log = new Log(settings.logJson, () => this.#calendar.take());
    const log = (event: LogEvent) => {
      this.log.say(event);
    };
    this.hall = new Hall(settings, {
      log,
      now: () => clock.now,
      tickNow: () => this.#now,
      tick: () => this.#ticks,
      seconds: () => this.#calendar.seconds,
    });
    this.#refused = new Refused((member, left) => this.#judge(member, left));
    this.#progress = new Progress(this.hall, () => this.#refused.judgeAll());
  }

  /** A module that looks at no clock has no excuse. */
  get #now(): number {
    return this.#tickNow ?? this.clock.now;
  }

  accepted(fd: number, client: Client, proxied = false, remote = ""): Member<Client> {
    this.#progress.dealWithEvents();
    const { hall, settings } = this;
    const connections = this.members.size;
    const isHeard = connections < settings.maxClients + bounds.REFUSALS_AT_A_TIME;
    const pace = new Pace(settings, this.#now);
    const { maxLine, style } = settings;
    const member = new Member(fd, isHeard, client, maxLine, proxied, style, pace, this.#now);
    this.members.set(fd, member);
    if (!isHeard) return member;
    member.setName(`client-${++this.#arrivals}`);
    hall.live.push(member);
    this.#progress.add(this.#arrive(member, proxied, remote));
    return member;
  }

  *#arrive(member: Member<Client>, proxied: boolean, remote: string): Steps {
    const { hall } = this;
    if (proxied) {
      const late = () => hall.close(member, "no proxy header in time");
      member.deadline = hall.timers.add(bounds.PROXY_SECONDS, late);
      yield "clock";
    }
    yield* hall.sweep.by(member.silence.next(this.settings));
    if (!proxied) yield* hall.knowSource(member, remote);
  }

  received(fd: number, bytes: Buffer): void {
    this.#progress.dealWithEvents();
    const member = this.#find(fd, "received from");
    member.waitedReadable = 0;
    this.#progress.round++;
    this.#progress.add(this.hall.intake.receive(member, bytes));
  }

  ended(fd: number): void {
    this.#progress.dealWithEvents();
    const member = this.#find(fd, "received from");
    if (member.ended) throw new OracleFailure("close", `fd ${fd} was read after its end`);
    member.ended = true;
    this.#progress.add(this.#lastLine(member));
  }

  *#lastLine(member: Member<Client>): Steps {
    const last = member.isOpen ? member.lines.last() : undefined;
    if (last !== undefined) yield* this.hall.dealWith(member, last);
    if (!member.isTooSlow) yield* this.hall.close(member, "left");
  }

  /** Receiving from this one has failed for good. */
  brokeReceiving(fd: number): void {
    this.#progress.dealWithEvents();
    this.#find(fd, "received from").broken = true;
  }

  /** Sending has: its own lines that are not dealt with yet will not be said. */
  brokeSending(fd: number): void {
    this.#find(fd, "sent to").broken = true;
  }

  /**
   * The module offers `offered` to the socket, which takes `count` of it (-1: none, it failed).
   * @returns what is on its way to the client now
   */
  sent(fd: number, offered: readonly Uint8Array[], count: number) {
    const member = this.#find(fd, "sent to");
    const bytes = totalLength(offered);
    this.#progress.dealUntil(member, bytes);
    this.hall.promised.heard();
    member.waitedWritable = 0;
    checkOffered(member, offered);
    const isDirect = member.isOpen && member.owedBeforeDelivery === 0;
    // Who was told something, or can be sent to, comes before those who were only spoken to.
    const isFirst = member.isTold || this.writable.has(fd);
    if (!isDirect && !isFirst) this.#refused.judgeBefore(member);
    const isFull = offered.length >= bounds.PIECES_MOST || bytes >= bounds.PIECES_BYTES;
    const outbox = isFull ? Math.max(bytes, member.outboxBytes) : bytes;
    const taken = member.owed.take(Math.max(count, 0));
    const left = outbox - taken.length;
    // What a socket takes whole and at once has never been owed.
    if (!isDirect || left > 0) member.tookLate += taken.length;
    const goesOn = count === bytes && left > 0;
    if (goesOn) this.#progress.goesOn(member);
    if (goesOn || count < 0) return taken;
    member.flushedIn = this.#progress.round;
    if (isDirect && left > 0) this.#refused.add(member, left);
    else if (!isDirect && member.isOpen) this.#judge(member, left);
    return taken;
  }

  /** The module is done with sending to this one, for now. */
  #judge(member: Person, left: number): void {
    if (member.isTooSlow || !judgeSlow(this.hall, member, left)) return;
    member.isTooSlow = true;
    this.#tooSlow.add(member);
  }

  /** The module closes a client as too slow: of several in one tick, which it will first. */
  closesSlow(fd: number): void {
    const member = this.members.get(fd);
    if (member === undefined) return;
    this.#refused.judge(member);
    if (!this.#tooSlow.delete(member) || !member.isOpen) return;
    this.#progress.runNow(this.hall.close(member, "too slow"));
    member.flushedIn = 0;
  }

  #assertSlowAreClosed(): void {
    for (const { isOpen, name } of this.#tooSlow) {
      if (isOpen) throw new OracleFailure("limit", `${name} is owed too much, and is not closed`);
    }
    this.#tooSlow.clear();
  }

  closed(fd: number): Member<Client> {
    const member = this.#find(fd, "closed");
    if (member.isHeard) this.#progress.dealWithAll();
    this.members.delete(fd);
    if (!member.isHeard) return member;
    const { name, reason, broken, owed, end } = member;
    if (reason === undefined && !broken) {
      throw new OracleFailure("close", `${name} was closed without a reason`);
    }
    member.endedInTime = this.clock.now < (end?.due ?? Infinity) - bounds.SLACK_NS;
    if (!broken && member.endedInTime && owed.bytes > 0) {
      throw new OracleFailure("close", `${name} was closed while ${owed.bytes} bytes were owed`);
    }
    member.slow?.cancel();
    member.stopWaiting();
    this.hall.forget(member);
    this.#progress.runNow(this.hall.bidFarewell(member));
    return member;
  }

  /** Accepting has failed, and is tried again later: what is set for that is not our business. */
  restsAccepting(): void {
    this.#progress.dealWithEvents();
    this.hall.timers.add(0, nothing);
  }

  /** Something else than a client has the module's attention now. */
  turnsAway(): void {
    this.#progress.dealWithEvents();
  }

  /** Somebody has asked the server to stop. */
  stop(): void {
    this.runNow(this.#end());
  }

  /** Somebody has asked it to do so slowly. @returns false if it stops already */
  drain(seconds: number): boolean {
    const { hall } = this;
    if (hall.isStopping) return false;
    const words = `the server is going down: within ${seconds} s you are closed`;
    for (const person of hall.people.values()) hall.tell(person, words);
    const message = `draining: ${hall.people.size} people, ${seconds} s`;
    this.log.say({ event: "draining", message });
    this.#shutDoors();
    const drain = new Drain(hall, seconds, () => this.#end());
    if (hall.live.length > 0) hall.timers.soon(this.#now, () => drain.step());
    return true;
  }

  #shutDoors(): void {
    this.stoppingSince ??= this.clock.now;
    this.hall.isStopping = true;
  }

  *#end(): Steps {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#shutDoors();
    const { hall } = this;
    for (const person of hall.live) yield* hall.close(person, "server stopping");
    if (hall.live.length === 0) return;
    hall.timers.add(bounds.STOP_SECONDS, nothing);
    yield "clock";
  }

  /** What an operator has done, in its consequences. */
  runNow(steps: Steps): void {
    this.#progress.runNow(steps);
  }

  /** The module has read the calendar's clock. */
  sawRealtime(nanoseconds: bigint): void {
    this.#calendar.wasRead(nanoseconds);
  }

  /** This is the tick's clock. */
  tickBegan(now: number): void {
    this.#progress.dealWithAll();
    this.#progress.begin();
    this.#ticks++;
    this.#tickNow = now;
    this.#calendar.begin();
  }

  /** The module has read the clock that timers count from. @returns whether for one of them */
  sawMonotonic(now: number): boolean {
    while (!this.hall.timers.hasNew && this.#refused.judgeOne());
    return this.#progress.sawMonotonic(now);
  }

  /** The module has done all it had to, and waits. */
  waits(wokenAt: number): void {
    this.writable.clear();
    this.#progress.dealWithAll();
    this.#assertSlowAreClosed();
    if (this.hall.keeps) this.hall.promised.waits();
    for (const member of this.members.values()) checkAtRest(member, this.hall.limits.most, wokenAt);
  }

  #find(fd: number, done: string): Member<Client> {
    const member = this.members.get(fd);
    if (member === undefined) throw new OracleFailure("descriptor", `fd ${fd} was ${done}`);
    if (member.broken && done !== "closed") {
      throw new OracleFailure("close", `${member.name} was ${done} after it had broken`);
    }
    return member;
  }
}
