/**
 * The chat as it should be: told of each call that the module makes on its sockets, it says which
 * bytes each client must get, and who is closed when and why. Written from README.md and DESIGN.md.
 *
 * The order in which the module takes bytes from its clients fixes the order of what is said. Bytes
 * are held back until the next call shows that the module has dealt with them, since the stamp of a
 * tick is read after its first bytes.
 */
import { totalLength } from "../../wasi/virtual/byte_queue.js";
import { OracleFailure, quote } from "../failure.js";
import { checkAtRest, isLongSlow } from "./at_rest.js";
import { ExpectedOutput } from "./expected_output.js";
import type { Line } from "./line_splitter.js";
import { Member, type Reason } from "./member.js";
import { RoomLog } from "./owed.js";
import { sanitized } from "./sanitize.js";
import * as bounds from "./settings.js";
import type { Clock, Taken } from "./taken.js";
import { END, isSilent, QUIT, SLOW_WORDS, WORDS } from "./words.js";

export class ChatModel<Client> {
  readonly members = new Map<number, Member<Client>>();
  /** What must stand on stderr. */
  readonly log = new ExpectedOutput("log");
  lines = 0;
  deliveries = 0;
  /** Since when the server is stopping. */
  stoppingSince: number | undefined;
  readonly #room = new RoomLog();
  #roomSize = 0;
  #arrivals = 0;
  /** Received, and maybe not dealt with yet. */
  readonly #taken: Taken<Client>[] = [];
  #next: Line | undefined;
  #waitsForRoom = false;
  /** Of sending: in each, each member is sent to once. */
  #round = 1;
  #stamp: string | undefined;
  /** Bytes said since what was said last left. */
  #chunkBytes = 0;
  /** How much of what was said has been offered to anybody. */
  #offeredTo = 0;

  constructor(
    readonly settings: bounds.ChatSettings,
    private readonly clock: Clock,
  ) {}

  get roomSize(): number {
    return this.#roomSize;
  }

  accepted(fd: number, client: Client): Member<Client> {
    this.#dealWithAll();
    const { maxClients, maxLine } = this.settings;
    const heard = this.members.size < maxClients + bounds.REFUSALS_AT_A_TIME;
    const name = heard ? `client-${++this.#arrivals}` : undefined;
    const member = new Member(fd, name, client, this.#room, maxLine);
    this.members.set(fd, member);
    if (name === undefined) return member;
    if (this.#roomSize >= maxClients) {
      this.#close(member, "server full");
      return member;
    }
    member.owed.join();
    this.#roomSize++;
    this.log.say(`${name} joined (${this.#roomSize} here)\n`);
    return member;
  }

  received(fd: number, bytes: Buffer): void {
    this.#dealWithAll();
    // A tick may begin without a wait: what is said after all else has left is a new chunk's.
    if (this.#offeredTo === this.#room.length) this.#chunkBytes = 0;
    const member = this.#find(fd, "received from");
    member.waitedReadable = 0;
    this.#round++;
    if (member.isOpen) this.#taken.push({ member, lines: member.lines.split(bytes) });
  }

  ended(fd: number): void {
    this.#dealWithAll();
    const member = this.#find(fd, "received from");
    if (member.ended) throw new OracleFailure("close", `fd ${fd} was read after its end`);
    member.ended = true;
    this.#taken.push({ member, lines: this.#lastLine(member) });
  }

  *#lastLine(member: Member<Client>): Generator<Line> {
    const last = member.isOpen ? member.lines.last() : undefined;
    if (last !== undefined) yield last;
    if (member.isOpen) this.#close(member, "left");
  }

  /** Receiving from this one has failed for good. */
  brokeReceiving(fd: number): void {
    this.#dealWithAll();
    this.#find(fd, "received from").broken = true;
  }

  /** Sending has: lines of its own that are not dealt with yet will not be said. */
  brokeSending(fd: number): void {
    this.#find(fd, "sent to").broken = true;
  }

  /**
   * The module offers `offered` to the socket, which takes `count` of it (-1: none, it failed).
   *
   * @returns what is on its way to the client now
   */
  sent(fd: number, offered: readonly Uint8Array[], count: number): Uint8Array {
    const member = this.#find(fd, "sent to");
    const bytes = totalLength(offered);
    this.#dealWithSome(member, bytes);
    member.waitedWritable = 0;
    this.#compare(member, offered);
    const left = member.owed.isMember ? member.owed.bytes - bytes : Infinity;
    this.#offeredTo = Math.max(this.#offeredTo, this.#room.length - left);
    const taken = member.owed.take(Math.max(count, 0));
    if (count < 0 || (count === bytes && member.owed.bytes > 0)) return taken;
    member.flushedIn = this.#round;
    if (member.isOpen) this.#judge(member);
    return taken;
  }

  #compare(member: Member<Client>, offered: readonly Uint8Array[]): void {
    if (member.owed.startsWith(offered)) return;
    const bytes = Buffer.concat(offered);
    const expected = member.owed.next(bytes.length);
    if (member.isOpen && isLongSlow(member, this.settings, this.clock.now + bounds.SLACK_NS)) {
      const cutOff = member.owed.cutOff(SLOW_WORDS);
      if (cutOff.equals(bytes)) {
        this.#cutOff(member);
        return;
      }
    }
    let at = 0;
    while (at < expected.length && expected[at] === bytes[at]) at++;
    const who = `${String(member.name)} (${member.reason ?? "open"})`;
    const where = `${who}, byte ${member.owed.sent + at}`;
    const [want, got] = [expected.subarray(at), bytes.subarray(at)].map((one) => quote(one));
    throw new OracleFailure("bytes", `${where}: expected ${String(want)}, sent ${String(got)}`);
  }

  /** The module is done with sending to this one, for now: is too much left? */
  #judge(member: Member<Client>): void {
    const owed = member.owed.bytes;
    if (owed <= this.settings.softLimit) member.slowSince = undefined;
    else if (owed > this.settings.hardLimit) this.#cutOff(member);
    else member.slowSince ??= this.clock.now;
  }

  #cutOff(member: Member<Client>): void {
    const rest = member.owed.cutOff(SLOW_WORDS);
    this.#close(member, "too slow");
    member.owed.replace(rest);
    member.flushedIn = 0;
  }

  closed(fd: number): void {
    this.#dealWithAll();
    const member = this.#find(fd, "closed");
    this.members.delete(fd);
    const { name, reason, broken, owed, closingSince } = member;
    if (name === undefined) return;
    if (reason === undefined && !broken) {
      throw new OracleFailure("close", `${name} was closed without a reason`);
    }
    member.endedInTime = this.clock.now - closingSince < bounds.CLOSE_NS - bounds.SLACK_NS;
    if (!broken && member.endedInTime && owed.bytes > 0) {
      throw new OracleFailure("close", `${name} was closed while ${owed.bytes} bytes were owed`);
    }
    this.#leave(member);
    const why = reason ?? "connection broken";
    this.log.say(`${name} is gone: ${why} (${this.#roomSize} here)\n`);
  }

  /** Something else than a client has the module's attention now. */
  turnsAway(): void {
    this.#dealWithAll();
  }

  /** Somebody has asked the server to stop. */
  stop(): void {
    this.stoppingSince ??= this.clock.now;
    for (const member of this.members.values()) {
      if (member.isOpen) this.#close(member, "server stopping");
    }
  }

  /** The module has read the calendar's clock. */
  sawRealtime(nanoseconds: bigint): void {
    this.#stamp = bounds.stampAt(nanoseconds, this.settings.timeZone);
  }

  /** The module has done all it had to, and waits. */
  waits(wokenAt: number): void {
    this.#dealWithAll();
    this.#stamp = undefined;
    this.#chunkBytes = 0;
    for (const member of this.members.values()) checkAtRest(member, this.settings, wokenAt);
  }

  #find(fd: number, done: string): Member<Client> {
    const member = this.members.get(fd);
    if (member === undefined) throw new OracleFailure("descriptor", `fd ${fd} was ${done}`);
    if (member.broken && done !== "closed") {
      throw new OracleFailure("close", `${String(member.name)} was ${done} after it had broken`);
    }
    return member;
  }

  #close(member: Member<Client>, reason: Reason): void {
    this.#leave(member);
    if (WORDS[reason] !== "") member.owed.say(WORDS[reason]);
    member.reason = reason;
    member.closingSince = this.clock.now;
    member.slowSince = undefined;
  }

  #leave(member: Member<Client>): void {
    if (!member.owed.isMember) return;
    member.owed.leave();
    this.#roomSize--;
  }

  #dealWithAll(): void {
    while (this.#dealWith()) this.#chunkBytes = 0;
  }

  /** As much as must have been said, for `bytes` to be offered to this member now. */
  #dealWithSome(member: Member<Client>, bytes: number): void {
    if (this.#taken.length === 0) return;
    let more = this.#dealWith();
    while (more && (member.flushedIn === this.#round || member.owed.bytes < bytes)) {
      this.#chunkBytes = 0;
      this.#round++;
      more = this.#dealWith();
    }
  }

  /** Deals with what was received. @returns true if it stops early: what was said must leave */
  #dealWith(): boolean {
    for (;;) {
      const [first] = this.#taken;
      if (first === undefined) return false;
      if (this.#next === undefined) {
        const { value, done } = first.lines.next() as IteratorResult<Line, undefined>;
        if (done !== true) this.#next = value;
      }
      if (this.#next === undefined) {
        this.#taken.shift();
      } else if (!first.member.isOpen && !this.#waitsForRoom) {
        this.#next = undefined;
      } else if (this.#isFull(first.member, this.#next)) {
        // It will be said, also if its author is closed by then for reading too slowly.
        this.#waitsForRoom = true;
        return true;
      } else {
        this.#waitsForRoom = false;
        this.#say(first.member, this.#next);
        this.#next = undefined;
      }
    }
  }

  #isFull(member: Member<Client>, line: Line): boolean {
    if (this.#chunkBytes === 0 || line.kind !== "line" || isSilent(line.bytes)) return false;
    const name = member.name?.length ?? 0;
    const most = bounds.roomFor(name, sanitized(line.bytes).length);
    return bounds.CHUNK_BYTES - this.#chunkBytes < most;
  }

  #say(member: Member<Client>, line: Line): void {
    if (line.kind === "too long") {
      const { maxLine } = this.settings;
      member.owed.say(`* a line may have ${maxLine} bytes: yours was longer and was not sent\n`);
      return;
    }
    if (line.bytes.equals(QUIT)) {
      this.#close(member, "quit");
      return;
    }
    if (line.bytes.length === 0) return;
    // A module that looks at no clock has no excuse.
    this.#stamp ??= bounds.stampAt(this.clock.realtimeNs, this.settings.timeZone);
    const head = Buffer.from(`${this.#stamp}${String(member.name)}\n`);
    const before = this.#room.length;
    this.#room.append(head);
    this.#room.append(sanitized(line.bytes));
    this.#room.append(END);
    this.#chunkBytes += this.#room.length - before;
    this.lines++;
    this.deliveries += this.#roomSize;
  }
}
