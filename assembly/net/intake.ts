/**
 * What comes from a peer: first a proxy's header, or none; then lines, each in its turn; and the
 * silence between them. It tells the handler, and has the connection closed if need be; it knows
 * nothing of sockets.
 */
import { Timer } from "../loop/loop";
import { CloseReason } from "./close_reason";
import { Connection } from "./connection";
import { ConnectionSet } from "./connection_set";
import { LineHandler } from "./line_handler";
import { LineReader } from "./line_reader";
import { Flood, Pace, Paced } from "./pace";
import { FirstBytes, HeaderAlarm, ProxyHeader, Verdict } from "./proxy_protocol";
import { NEVER, Silence, warnAfter } from "./silence";
import { stopped, TimeIsUp } from "./time_is_up";

/** How long a proxy may take to say whom it speaks for, in seconds. */
export const PROXY_SECONDS: f64 = 5;

export class Intake implements Paced {
  private reader: LineReader;
  private pace!: Pace;
  private silence!: Silence;
  /** What the first bytes must be, or must not be, once there are some; until that is known. */
  private first: FirstBytes | null = null;
  private isFirstKnown: bool = false;
  /** Of the header that must come. */
  private headerTimer: Timer | null = null;

  constructor(
    private connection: Connection,
    private set: ConnectionSet,
    private handler: LineHandler,
    proxied: bool,
  ) {
    const loop = set.loop;
    this.reader = new LineReader(set.limits.lineBytes);
    this.pace = new Pace(loop, set.limits, this);
    this.silence = new Silence(loop.now);
    if (proxied) {
      this.first = new ProxyHeader();
      const end = new TimeIsUp(connection, CloseReason.NO_HEADER);
      this.headerTimer = loop.callLater(PROXY_SECONDS, end);
    }
    set.sweep.by(this.silence.due(set.limits));
  }

  /** Whether lines may have to wait, so that little should be read at a time. */
  get isBounded(): bool {
    return this.pace.isBounded;
  }

  /** Whether nothing is to be read now. */
  get isWaiting(): bool {
    return this.pace.isWaiting;
  }

  /** Says where the peer is, once that is known. @returns false if too many come from there */
  locate(peer: string): bool {
    const origin = this.set.addresses.find(peer);
    if (origin === null) return true;
    const most = this.set.limits.maxPerAddress;
    if (most > 0 && origin.connections >= most) return false;
    this.pace.share(origin);
    return true;
  }

  /** Reads nothing for a while. */
  rest(seconds: f64): void {
    this.pace.rest(seconds);
  }

  /** Takes what has just been read. */
  take(at: usize, length: u32): void {
    const header = this.takeFirst(at, length);
    // What a proxy says is not the peer's.
    if (length > header) this.silence.heard(this.set.loop.now);
    this.reader.limit = this.set.limits.lineBytes;
    this.reader.offer(at + header, length - header);
    this.handLines();
    if (!this.connection.isOpen) return;
    // A line that has no end costs as if it had some, or as much of it would be read as can come.
    // So do commands and erased characters, which need no line.
    if (!this.reader.isSkipping && !this.reader.isEdited) return;
    this.pace.spend();
    if (!this.pace.hasTurn) this.waitForTurn();
  }

  /** Goes on with the lines that wait. */
  takeTurn(): void {
    this.silence.heard(this.set.loop.now);
    this.handLines();
    this.connection.updateInterest();
  }

  /** There will be no more: an unfinished line was the last. */
  finish(): void {
    if (this.reader.finish()) this.handLine();
  }

  /** Closes it, or warns the peer, if it has been silent too long. @returns when to look again */
  checkSilence(): u64 {
    if (!this.connection.isOpen) return NEVER;
    const limits = this.set.limits;
    const now = this.set.loop.now;
    const fault = this.silence.fault(now, limits);
    if (fault != CloseReason.NONE) {
      this.connection.close(fault);
      return NEVER;
    }
    if (this.silence.mustWarn(now, limits)) {
      this.silence.warn(now);
      this.handler.onIdle(limits.idleSeconds - warnAfter(limits));
    }
    return this.silence.due(limits);
  }

  /** Hands over no more lines. */
  stop(): void {
    this.headerTimer = stopped(this.headerTimer);
    this.pace.cancel();
  }

  /** Gives everything back. */
  free(): void {
    this.stop();
    const origin = this.pace.unshare();
    if (origin !== null) this.set.addresses.leave(origin);
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
    this.headerTimer = stopped(this.headerTimer);
    if (first.verdict == Verdict.MALFORMED) this.connection.close(CloseReason.BAD_HEADER);
    else if (first.verdict == Verdict.FORGED) this.connection.close(CloseReason.FORGED_HEADER);
    else if (first.verdict == Verdict.HEADER) this.handler.onSource(first.source);
    return taken;
  }

  private handLines(): void {
    const reader = this.reader;
    let isNew = false;
    while (this.connection.isOpen && reader.hasMore) {
      if (!this.pace.hasTurn) {
        this.waitForTurn();
        return;
      }
      if (!reader.next()) break;
      this.pace.spend();
      isNew = true;
      this.handLine();
    }
    if (!this.connection.isOpen) {
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
    if (this.silence.line(this.set.loop.now, isUnfinished, isNew)) {
      this.set.sweep.by(this.silence.due(this.set.limits));
    }
  }

  private handLine(): void {
    if (this.reader.tooLong) this.handler.onLongLine();
    else this.handler.onLine(this.reader.line, this.reader.length);
  }

  private waitForTurn(): void {
    if (this.pace.isQueued) return;
    // It is not the peer who makes this line wait.
    if (!this.reader.isSkipping) this.noteLine(false, false);
    this.reader.hold();
    if (this.pace.isOverdue) {
      this.connection.close(CloseReason.FLOOD);
    } else {
      const flood = this.pace.wait();
      if (flood != Flood.NONE) this.handler.onFlood(flood == Flood.SHARED);
    }
    this.connection.updateInterest();
  }
}
