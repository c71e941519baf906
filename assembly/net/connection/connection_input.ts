/**
 * What comes from a peer: first a proxy's header, or none; then lines, each in its turn; and the
 * silence between them. It tells the handler, and has the connection closed if need be; it knows
 * nothing of sockets.
 */
import { cancelTimer, Timer } from "../../loop/loop";
import { CloseReason } from "./close_reason";
import { ConnectionServices } from "./connection_services";
import { LineHandler } from "./line_handler";
import { LineReader } from "../framing/line_reader";
import { Flood, RateLimiter, RateLimited } from "../rate/rate_limiter";
import { ForeignBytes, protocolOfLine } from "../framing/foreign_protocol";
import { FirstBytes, HeaderAlarm, ProxyHeader, Verdict } from "../framing/proxy_protocol";
import { NEVER, IdleTimer, warnAfter } from "./idle_timer";
import { Closable, CloseOnTimeout } from "./close_on_timeout";

/** A PROXY header must come within this time. @limit seconds */
export const PROXY_SECONDS: f64 = 5;

/** The connection whose input it is. */
export interface InputOwner extends Closable {
  /** Bytes that were written to the peer alone. */
  answeredBytes: u64;
  /** Whether lines are still dealt with. */
  takesLines(): bool;
  /** Watches for what can happen next. */
  updateInterest(): void;
}

export class ConnectionInput implements RateLimited {
  private reader: LineReader;
  private limiter!: RateLimiter;
  private idleTimer!: IdleTimer;
  /** What the first bytes must be, or must not be, once there are some; until that is known. */
  private first: FirstBytes | null = null;
  private isFirstKnown: bool = false;
  /** The first bytes of the peer, until it is known what protocol they are; null if none came. */
  private foreign: ForeignBytes | null = null;
  private isProtocolKnown: bool = false;
  /** A proxy has come for itself, and has said nothing since: it may only look whether we live. */
  private isProbe: bool = false;
  private isFirstLine: bool = true;
  /** Of the header that must come. */
  private headerTimer: Timer | null = null;

  constructor(
    private connection: InputOwner,
    private set: ConnectionServices,
    private handler: LineHandler,
    proxied: bool,
  ) {
    const loop = set.loop;
    this.reader = new LineReader(set.limits.lineBytes);
    this.limiter = new RateLimiter(loop, set.limits, this);
    this.idleTimer = new IdleTimer(loop.now);
    if (proxied) {
      this.first = new ProxyHeader();
      const end = new CloseOnTimeout(connection, CloseReason.NO_HEADER);
      this.headerTimer = loop.callLater(PROXY_SECONDS, end);
    }
    set.idleScan.by(this.idleTimer.due(set.limits));
  }

  /** Whether lines may have to wait, so that little should be read at a time. */
  get isBounded(): bool {
    return this.limiter.isBounded;
  }

  /** Whether nothing is to be read now. */
  get isWaiting(): bool {
    return this.limiter.isWaiting;
  }

  /** Says where the peer is, once that is known. @returns false if too many come from there */
  locate(peer: string): bool {
    const addressLimiter = this.set.addresses.find(peer);
    if (addressLimiter === null) return true;
    const most = this.set.limits.maxPerAddress;
    if (most > 0 && addressLimiter.connections >= most) return false;
    this.limiter.share(addressLimiter);
    return true;
  }

  /** Reads nothing for a while. */
  rest(seconds: f64): void {
    this.limiter.rest(seconds);
  }

  /** Takes what has just been read. */
  take(at: usize, length: u32): void {
    const header = this.takeFirst(at, length);
    if (length > header) this.takePeer(at + header, length - header);
    // What a proxy says is not the peer's.
    if (length > header) this.idleTimer.heard(this.set.loop.now);
    this.reader.limit = this.set.limits.lineBytes;
    this.reader.offer(at + header, length - header);
    this.handLines();
    if (!this.connection.takesLines()) return;
    // A line that has no end costs as if it had some, or as much of it would be read as can come.
    // So do commands and erased characters, which need no line.
    if (!this.reader.isSkipping && !this.reader.isEdited) return;
    this.limiter.spend();
    if (!this.limiter.hasTurn) this.waitForTurn();
  }

  /** Goes on with the lines that wait. */
  takeTurn(): void {
    this.idleTimer.heard(this.set.loop.now);
    this.handLines();
    this.connection.updateInterest();
  }

  /** There will be no more: an unfinished line was the last. */
  finish(): void {
    if (this.reader.finish()) this.handLine();
  }

  /** Closes it, or warns the peer, if it has been silent too long. @returns when to look again */
  checkIdle(): u64 {
    if (!this.connection.takesLines()) return NEVER;
    const limits = this.set.limits;
    const now = this.set.loop.now;
    const fault = this.idleTimer.fault(now, limits);
    if (fault != CloseReason.NONE) {
      this.connection.close(fault);
      return NEVER;
    }
    if (this.idleTimer.mustWarn(now, limits)) {
      this.idleTimer.warn(now);
      this.handler.onIdle(limits.idleSeconds - warnAfter(limits));
    }
    return this.idleTimer.due(limits);
  }

  /** Hands over no more lines. */
  stop(): void {
    this.headerTimer = cancelTimer(this.headerTimer);
    this.limiter.cancel();
  }

  /** Gives everything back. */
  free(): void {
    this.stop();
    const addressLimiter = this.limiter.unshare();
    if (addressLimiter !== null) this.set.addresses.leave(addressLimiter);
    this.reader.free();
  }

  /** Sees to the first bytes. @returns how many of them are a header's */
  private takeFirst(at: usize, length: u32): u32 {
    if (this.isFirstKnown) return 0;
    const expected = this.first;
    const first = expected === null ? new HeaderAlarm() : expected;
    this.first = first;
    const taken = first.offer(at, length);
    if (first.verdict == Verdict.MORE) return taken;
    this.first = null;
    this.isFirstKnown = true;
    this.headerTimer = cancelTimer(this.headerTimer);
    if (first.verdict == Verdict.MALFORMED) this.connection.close(CloseReason.BAD_HEADER);
    else if (first.verdict == Verdict.FORGED) this.connection.close(CloseReason.FORGED_HEADER);
    else if (first.verdict == Verdict.LOCAL) this.isProbe = true;
    else if (first.verdict == Verdict.HEADER) this.handler.onSource(first.source);
    return taken;
  }

  /** Sees to the first bytes of the peer itself. */
  private takePeer(at: usize, length: u32): void {
    if (this.isProbe) this.handler.onSource("");
    this.isProbe = false;
    if (this.isProtocolKnown || !this.connection.takesLines()) return;
    const held = this.foreign;
    const foreign = held === null ? new ForeignBytes() : held;
    this.foreign = foreign;
    foreign.offer(at, length);
    if (!foreign.isKnown) return;
    this.foreign = null;
    this.isProtocolKnown = true;
    this.refuseForeign(foreign.protocol);
  }

  /** Closes a peer that speaks another protocol. @returns false if there is none */
  private refuseForeign(protocol: string): bool {
    if (protocol == "") return false;
    this.handler.onForeignProtocol(protocol);
    this.connection.close(CloseReason.FOREIGN);
    return true;
  }

  private handLines(): void {
    const reader = this.reader;
    let isNew = false;
    while (this.connection.takesLines() && reader.hasMore) {
      if (!this.limiter.hasTurn) {
        this.waitForTurn();
        return;
      }
      if (!reader.next()) break;
      this.limiter.spend();
      isNew = true;
      const before = this.connection.answeredBytes;
      const length = reader.length;
      this.handLine();
      const bytes = this.connection.answeredBytes - before + length;
      const more = <u32>(bytes / this.set.limits.lineCost);
      if (more > 0 && this.connection.takesLines()) this.charge(more);
    }
    if (!this.connection.takesLines()) {
      reader.free();
      return;
    }
    reader.keep();
    this.noteLine(reader.isUnfinished, isNew);
    this.answerTelnet();
  }

  private answerTelnet(): void {
    const telnet = this.reader.telnet;
    if (telnet === null) return;
    const answers = telnet.takeAnswers();
    if (answers.length > 0) this.handler.onTelnet(answers.dataStart, answers.length);
    if (!telnet.isAsked) return;
    telnet.isAsked = false;
    this.handler.onAreYouThere();
  }

  private noteLine(isUnfinished: bool, isNew: bool): void {
    if (this.idleTimer.line(this.set.loop.now, isUnfinished, isNew)) {
      this.set.idleScan.by(this.idleTimer.due(this.set.limits));
    }
  }

  private handLine(): void {
    const reader = this.reader;
    if (this.isFirstLine && reader.length > 0) {
      this.isFirstLine = false;
      const protocol = protocolOfLine(reader.line, reader.length, reader.tooLong);
      if (this.refuseForeign(protocol)) return;
    }
    if (reader.tooLong) this.handler.onLongLine();
    else this.handler.onLine(reader.line, reader.length);
  }

  /** What the line before costs besides itself, in lines. */
  private charge(lines: u32): void {
    this.limiter.charge(lines);
  }

  private waitForTurn(): void {
    if (this.limiter.isQueued) return;
    // It is not the peer who makes this line wait.
    if (!this.reader.isSkipping) this.noteLine(false, false);
    this.reader.hold();
    if (this.limiter.isOverdue) {
      this.connection.close(CloseReason.FLOOD);
    } else {
      const flood = this.limiter.wait();
      if (flood != Flood.NONE) this.handler.onFlood(flood == Flood.SHARED);
    }
    this.connection.updateInterest();
  }
}
