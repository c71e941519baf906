/**
 * The input of a connection: first a PROXY header, if one is expected, then lines, under the rate
 * limit. It also checks for silence. It calls the handler, and closes the connection if it must. It
 * does not read the socket.
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
import { CloseOnTimeout } from "./close_on_timeout";
import { InputOwner } from "./input_owner";

/** A PROXY header must arrive within this time. @limit seconds */
export const PROXY_SECONDS: f64 = 5;

export class ConnectionInput implements RateLimited {
  /** True while lines wait until the client has read its answers. */
  isBehind: bool = false;
  private reader: LineReader;
  private limiter!: RateLimiter;
  private idleTimer!: IdleTimer;
  /**
   * Looks for a PROXY header in the first bytes. On a proxy's listener a header is required,
   * elsewhere it is forbidden. Null once that is decided; elsewhere also before the first bytes.
   */
  private headerParser: FirstBytes | null = null;
  private isHeaderDecided: bool = false;
  /** The parser that recognises other protocols; null before the first bytes and at the end. */
  private foreign: ForeignBytes | null = null;
  /** True once the first bytes have shown that the client speaks no other protocol. */
  private isProtocolKnown: bool = false;
  /** True while a proxy has connected for itself and sent nothing since, as health checks do. */
  private isHealthCheck: bool = false;
  private isFirstLine: bool = true;
  /** The timer for the PROXY header. */
  private headerTimer: Timer | null = null;

  constructor(
    private connection: InputOwner,
    private set: ConnectionServices,
    private handler: LineHandler,
    proxied: bool,
  ) {
    const loop = set.loop;
    this.reader = new LineReader(set.limits.lineBytes, handler.isTyped);
    this.limiter = new RateLimiter(loop, set.limits, this);
    this.idleTimer = new IdleTimer(loop.now);
    if (proxied) {
      this.headerParser = new ProxyHeader();
      const end = new CloseOnTimeout(connection, CloseReason.NO_HEADER);
      this.headerTimer = loop.callLater(PROXY_SECONDS, end);
    }
    set.idleScan.scheduleCheck(this.idleTimer.nextDeadline(set.limits));
  }

  /** True if a rate limit applies, so that reads should be small. */
  get isBounded(): bool {
    return this.limiter.isBounded;
  }

  /** True if nothing must be read now. */
  get isWaiting(): bool {
    return this.isBehind || this.limiter.isWaiting;
  }

  /**
   * Sets the peer's address, once it is known.
   *
   * @returns false if the address has too many connections or arrivals
   */
  setPeer(peer: string): bool {
    const addressLimiter = this.set.addresses.find(peer);
    if (addressLimiter.isCrowded || !addressLimiter.countArrival()) return false;
    this.limiter.joinAddress(addressLimiter);
    return true;
  }

  /** Counts a room that the peer creates. @returns false if its address has created too many */
  countNewRoom(): bool {
    const addressLimiter = this.limiter.limiterOfAddress;
    return addressLimiter === null || addressLimiter.countNewRoom();
  }

  /** Stops reading for some seconds. */
  throttle(seconds: f64): void {
    this.limiter.throttle(seconds);
  }

  /** Handles no lines for some seconds. */
  pauseLines(seconds: f64): void {
    this.limiter.pauseLines(seconds);
  }

  /** Handles the waiting lines at the next common turn, since the client has read its answers. */
  resumeLines(): void {
    this.isBehind = false;
    this.limiter.throttle(0);
  }

  /** Takes `lines` more tokens for the last line: for its length, its answers or its targets. */
  chargeTokens(lines: u32): void {
    this.limiter.chargeTokens(lines);
  }

  /** Gives back `lines` tokens: the last line was no part of a flood. */
  refundTokens(lines: u32): void {
    this.limiter.refundTokens(lines);
  }

  /** Handles the bytes of a read. */
  handleBytes(at: usize, length: u32): void {
    const header = this.parseHeader(at, length);
    if (length > header) this.checkProtocol(at + header, length - header);
    // The header is the proxy's, so it does not end the peer's silence.
    if (length > header) this.idleTimer.noteInput(this.set.loop.now);
    this.reader.limit = this.handler.lineBytesMost(this.set.limits);
    this.reader.offerBytes(at + header, length - header);
    this.handLines();
    if (!this.connection.isActive) return;
    // A line costs a token. While the rest of a line that is too long is skipped, each read costs a
    // token: otherwise the rate limit would not hold for such a line. A read with telnet commands
    // or erased characters costs a token, too, even if no line ends in it.
    if (!this.reader.isSkipping && !this.reader.isEdited) return;
    this.limiter.countLine();
    if (!this.limiter.hasTurn) this.waitForTurn();
  }

  /** Handles the waiting lines, when it is this connection's turn. */
  takeTurn(): void {
    this.idleTimer.noteInput(this.set.loop.now);
    this.handLines();
    this.connection.updateInterest();
  }

  /** Handles the end of the stream: an unfinished line counts as the last one. */
  finishStream(): void {
    if (this.reader.finishStream()) this.handLine();
  }

  /** Closes or warns the peer if it was silent for too long. @returns the time of the next check */
  checkIdle(): u64 {
    if (!this.connection.isActive) return NEVER;
    const limits = this.set.limits;
    const now = this.set.loop.now;
    const fault = this.idleTimer.expiredReason(now, limits);
    if (fault != CloseReason.NONE) {
      this.connection.close(fault);
      return NEVER;
    }
    if (this.idleTimer.mustWarn(now, limits)) {
      this.idleTimer.noteWarning(now);
      this.handler.onIdle(limits.idleSeconds - warnAfter(limits));
    }
    return this.idleTimer.nextDeadline(limits);
  }

  /** Stops the timers and leaves the queue for turns. */
  stopTimers(): void {
    this.headerTimer = cancelTimer(this.headerTimer);
    this.limiter.cancelTurns();
  }

  /** Frees everything. */
  free(): void {
    this.stopTimers();
    const addressLimiter = this.limiter.detachAddressLimiter();
    if (addressLimiter !== null) this.set.addresses.removeConnection(addressLimiter);
    this.reader.free();
  }

  /** Parses the first bytes. @returns the number of bytes that belong to a PROXY header */
  private parseHeader(at: usize, length: u32): u32 {
    if (this.isHeaderDecided) return 0;
    const expected = this.headerParser;
    const first = expected === null ? new HeaderAlarm() : expected;
    this.headerParser = first;
    const taken = first.parseBytes(at, length);
    if (first.verdict == Verdict.MORE) return taken;
    this.headerParser = null;
    this.isHeaderDecided = true;
    this.headerTimer = cancelTimer(this.headerTimer);
    if (first.verdict == Verdict.MALFORMED) this.connection.close(CloseReason.BAD_HEADER);
    else if (first.verdict == Verdict.FORGED) this.connection.close(CloseReason.FORGED_HEADER);
    else if (first.verdict == Verdict.LOCAL) this.isHealthCheck = true;
    else if (first.verdict == Verdict.HEADER) this.handler.onSource(first.source);
    return taken;
  }

  /** Checks the peer's first bytes for another protocol. */
  private checkProtocol(at: usize, length: u32): void {
    if (this.isHealthCheck) this.handler.onSource("");
    this.isHealthCheck = false;
    if (this.isProtocolKnown || !this.connection.isActive) return;
    const held = this.foreign;
    const foreign = held === null ? new ForeignBytes() : held;
    this.foreign = foreign;
    foreign.checkBytes(at, length);
    if (!foreign.isKnown) return;
    this.foreign = null;
    this.isProtocolKnown = true;
    this.refuseForeign(foreign.protocol);
  }

  /** Closes a peer that speaks another protocol. @returns false if it does not */
  private refuseForeign(protocol: string): bool {
    if (protocol == "" || this.handler.acceptsProtocol(protocol)) return false;
    this.handler.onForeignProtocol(protocol);
    this.connection.close(CloseReason.FOREIGN);
    return true;
  }

  private handLines(): void {
    const reader = this.reader;
    const limiter = this.limiter;
    // No handler of a line changes the limits.
    const isBounded = limiter.isBounded;
    let isNew = false;
    while (this.connection.isActive && reader.hasMore) {
      if (this.isBehind || limiter.isPaused) return this.holdLines();
      if (isBounded && !limiter.hasTurn) {
        this.waitForTurn();
        return;
      }
      if (!reader.nextLine()) break;
      if (isBounded) limiter.countLine();
      isNew = true;
      const before = this.connection.answeredBytes;
      const length = reader.length;
      this.handLine();
      const bytes = this.connection.answeredBytes - before + length;
      const cost: u64 = this.set.limits.lineCost;
      if (bytes >= cost && this.connection.isActive) this.chargeTokens(<u32>(bytes / cost));
      // Only answers to the client count, not the messages of other clients.
      if (bytes > length && this.connection.owesAnswers) this.isBehind = true;
    }
    if (!this.connection.isActive) {
      reader.free();
      return;
    }
    reader.keepUnfinished();
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
    if (this.idleTimer.noteLine(this.set.loop.now, isUnfinished, isNew)) {
      this.set.idleScan.scheduleCheck(this.idleTimer.nextDeadline(this.set.limits));
    }
  }

  // @ts-ignore: decorator
  @inline
  private handLine(): void {
    const reader = this.reader;
    if (this.isFirstLine && reader.length > 0 && this.refuseFirstLine()) return;
    if (reader.tooLong) this.handler.onLongLine();
    else this.handler.onLine(reader.line, reader.length);
  }

  /** Closes a peer whose first line is of another protocol. @returns false if it is not */
  private refuseFirstLine(): bool {
    const reader = this.reader;
    this.isFirstLine = false;
    return this.refuseForeign(protocolOfLine(reader.line, reader.length, reader.tooLong));
  }

  private waitForTurn(): void {
    if (this.limiter.isQueued) return;
    if (this.limiter.mustCloseForFlood) {
      this.connection.close(CloseReason.FLOOD);
    } else {
      const flood = this.limiter.requestTurn();
      if (flood != Flood.NONE) this.handler.onFlood(flood == Flood.SHARED);
    }
    this.holdLines();
  }

  /** Makes the lines wait for a turn. The timeout of unfinished lines does not count the wait. */
  private holdLines(): void {
    if (!this.reader.isSkipping) this.noteLine(false, false);
    this.reader.copyUnread();
    this.connection.updateInterest();
  }
}
