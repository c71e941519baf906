/**
 * A client's socket with its line reader and its outbox, and the states it goes through:
 *
 *     OPEN ------> CLOSING ------> LINGERING ------> CLOSED
 *          close()         drained            peer's end, or time is up
 *
 * OPEN reads lines. CLOSING sends what is still owed, last words included, and throws away what
 * the peer says. LINGERING has told the peer that nothing more will come and waits for its end of
 * the stream: closing at once, with unread bytes in the socket, would make the kernel send a reset
 * that destroys the last words on their way. Both are bounded by CLOSE_SECONDS. A broken socket,
 * or one whose peer has ended already, skips what has no sense.
 * One that came through a proxy begins with its header, within PROXY_SECONDS; no other may.
 *
 * Nothing is freed here while handlers run: CLOSED only puts the connection on the list of its
 * `ConnectionSet`, which reaps it between two ticks.
 */
import { Handler, Loop, Task, Timer } from "../loop/loop";
import { SelectorError } from "../selectors/errors";
import { EVENT_READ, EVENT_WRITE } from "../selectors/events";
import { AGAIN } from "../wasi/errno";
import { close, Fd, recv, shutdownWrite } from "../wasi/socket";
import { Chunk } from "./chunk";
import { CloseReason } from "./close_reason";
import { ConnectionSet } from "./connection_set";
import { LineHandler } from "./line_handler";
import { LineReader } from "./line_reader";
import { Outbox } from "./outbox";
import { Pace, Paced } from "./pace";
import { FirstBytes, HeaderAlarm, ProxyHeader, Verdict } from "./proxy_protocol";
import { Traffic } from "./traffic";

/** Bytes read of one connection in one tick: the others are waiting. */
export const READ_BYTES: u32 = 65_536;
/** The same where lines may have to wait: so much of it is held. */
const PACED_READ_BYTES: u32 = 4096;
/** How long a connection may take to accept its last words and to end, in seconds. */
export const CLOSE_SECONDS: f64 = 2;
/** How long a proxy may take to say whom it speaks for, in seconds. */
export const PROXY_SECONDS: f64 = 5;

export enum ConnectionState {
  OPEN = 0,
  CLOSING = 1,
  LINGERING = 2,
  CLOSED = 3,
}

/** One for all: what is read is used before the next read. */
const readBuffer = memory.data(65536);

export class Connection extends Handler implements Paced {
  state: ConnectionState = ConnectionState.OPEN;
  reason: CloseReason = CloseReason.NONE;
  outbox: Outbox = new Outbox();
  received: u64 = 0;
  /** Whether it is on the set's list of those to flush. */
  _queued: bool = false;
  /** Its place in the set. */
  _index: i32 = -1;

  private reader: LineReader;
  /** What the first bytes must be, or must not be; until that is known. */
  private first: FirstBytes | null;
  private peerEnded: bool = false;
  /** Runs while more than the soft limit is owed. */
  private slowTimer: Timer | null = null;
  /** Of the header that must come, and later of the end. */
  private deadline: Timer | null = null;
  private watched: u32 = 0;
  private pace!: Pace;

  constructor(
    public fd: Fd,
    private set: ConnectionSet,
    private handler: LineHandler,
    proxied: bool,
  ) {
    super();
    this.reader = new LineReader(set.limits.lineBytes);
    this.pace = new Pace(set.loop, set.limits, this);
    this.first = proxied ? new ProxyHeader() : new HeaderAlarm();
    if (proxied) {
      this.deadline = set.loop.callLater(PROXY_SECONDS, new TimeIsUp(this, CloseReason.NO_HEADER));
    }
    this.updateInterest();
  }

  get isOpen(): bool {
    return this.state == ConnectionState.OPEN;
  }

  /** Owes the peer bytes `from` to `to` of a chunk; they leave at the end of the tick. */
  send(chunk: Chunk, from: u32, to: u32): void {
    if (!this.isOpen) return;
    this.outbox.append(chunk, from, to);
    this.set.queue(this);
  }

  /** Ends the connection for a reason that the peer is told; what is owed is sent first. */
  close(reason: CloseReason): void {
    if (!this.isOpen || this.reason != CloseReason.NONE) return;
    this.reason = reason;
    const words = this.handler.lastWords(reason);
    // To speak of somebody's leaving may send, and find out that this socket has broken.
    if (!this.isOpen) return;
    this.state = ConnectionState.CLOSING;
    if (reason == CloseReason.SLOW) this.outbox.dropAfterLine();
    if (words !== null) this.set.sayTo(this, words);
    this.pace.cancel();
    stopped(this.deadline);
    this.deadline = this.set.loop.callLater(CLOSE_SECONDS, new CloseDeadline(this));
    this.set.queue(this);
  }

  onReady(mask: u32): void {
    if (mask & EVENT_READ) this.read();
    if (mask & EVENT_WRITE) this.set.queue(this);
  }

  /** Sends what the socket takes; called at the end of a tick by the set. */
  flush(): void {
    if (this.state == ConnectionState.CLOSED) return;
    if (this.outbox.flush(this.fd) < 0) {
      this.fail();
      return;
    }
    if (this.isOpen) this.judge();
    if (this.state == ConnectionState.CLOSING && this.outbox.bytes == 0) this.drained();
    this.updateInterest();
  }

  /** Sends at once if more than the hard limit is owed: for answers, of which many may be asked. */
  relieve(): void {
    if (this.isOpen && this.outbox.bytes > this.set.limits.hardBytes) this.flush();
  }

  /** Gives everything back; called by the set, when no handler is running. */
  reap(): void {
    assert(this.state == ConnectionState.CLOSED, "reap of a live connection");
    this.deadline = stopped(this.deadline);
    this.slowTimer = stopped(this.slowTimer);
    this.pace.cancel();
    this.outbox.clear();
    this.reader.free();
    this.set.loop.unwatch(this.fd);
    close(this.fd);
    this.handler.onClosed(this.reason);
  }

  private read(): void {
    if (this.state == ConnectionState.CLOSED) return;
    const most = this.pace.isBounded ? PACED_READ_BYTES : READ_BYTES;
    const got = recv(this.fd, readBuffer, most);
    if (got < 0 && got != -AGAIN) this.fail();
    else if (got == 0) this.ended();
    else if (got > 0 && this.isOpen) this.readLines(this.readFirst(got), got);
  }

  /** Sees to the first bytes. @returns how many of them are a header's */
  private readFirst(length: u32): u32 {
    this.received += Traffic.read(length);
    const first = this.first;
    if (first === null) return 0;
    const taken = first.offer(readBuffer, length);
    if (first.verdict == Verdict.MORE) return taken;
    this.first = null;
    this.deadline = stopped(this.deadline);
    if (first.verdict == Verdict.MALFORMED) this.close(CloseReason.BAD_HEADER);
    else if (first.verdict == Verdict.FORGED) this.close(CloseReason.FORGED_HEADER);
    else if (first.verdict == Verdict.HEADER) this.handler.onSource(first.source);
    return taken;
  }

  private readLines(from: u32, to: u32): void {
    this.reader.offer(readBuffer + from, to - from);
    this.handLines();
  }

  private handLines(): void {
    const reader = this.reader;
    while (this.isOpen && reader.hasMore) {
      if (!this.pace.hasTurn) {
        this.waitForTurn();
        return;
      }
      if (!reader.next()) break;
      this.pace.spend();
      this.handLine();
    }
    if (this.isOpen) reader.keep();
    else reader.free();
  }

  private waitForTurn(): void {
    this.reader.hold();
    if (this.pace.isOverdue) this.close(CloseReason.FLOOD);
    else if (this.pace.wait()) this.handler.onFlood();
    this.updateInterest();
  }

  /** Goes on with the lines that wait. */
  takeTurn(): void {
    this.handLines();
    this.updateInterest();
  }

  private handLine(): void {
    if (this.reader.tooLong) this.handler.onLongLine();
    else this.handler.onLine(this.reader.line, this.reader.length);
  }

  /** The peer will send no more: an unfinished line was its last. */
  private ended(): void {
    this.peerEnded = true;
    if (this.isOpen && this.reader.finish()) this.handLine();
    if (this.isOpen) this.close(CloseReason.LEFT);
    else if (this.state == ConnectionState.LINGERING) this.giveUp();
    this.updateInterest();
  }

  /** The socket is broken: there is nobody to say anything to. */
  private fail(): void {
    if (this.isOpen) this.reason = CloseReason.BROKEN;
    this.giveUp();
  }

  /** Whether the peer is owed too much, or is beginning or ceasing to be slow. */
  private judge(): void {
    const owed = this.outbox.bytes;
    const limits = this.set.limits;
    if (owed <= limits.softBytes) {
      this.slowTimer = stopped(this.slowTimer);
    } else if (owed > limits.hardBytes) {
      this.close(CloseReason.SLOW);
    } else if (this.slowTimer === null) {
      this.slowTimer = this.set.loop.callLater(
        limits.softSeconds,
        new TimeIsUp(this, CloseReason.SLOW),
      );
    }
  }

  private drained(): void {
    if (this.peerEnded || this.reason == CloseReason.STOPPING || shutdownWrite(this.fd) < 0) {
      this.giveUp();
    } else {
      this.state = ConnectionState.LINGERING;
    }
  }

  /** Ends without more ado. */
  giveUp(): void {
    if (this.state == ConnectionState.CLOSED) return;
    this.state = ConnectionState.CLOSED;
    this.set.bury(this);
  }

  /**
   * Watches for what can happen next. EVENT_WRITE is asked for only while something is owed (the
   * tutorial's closing lesson), EVENT_READ only until the peer's end, which is readable for ever.
   */
  private updateInterest(): void {
    if (this.state == ConnectionState.CLOSED) return;
    const reads = !this.peerEnded && !this.pace.isWaiting;
    const wanted = (reads ? EVENT_READ : 0) | (this.outbox.bytes > 0 ? EVENT_WRITE : 0);
    if (wanted == this.watched) return;
    this.watched = wanted;
    if (wanted == 0) this.set.loop.unwatch(this.fd);
    else if (this.set.loop.watch(this.fd, wanted, this) != SelectorError.NONE) this.fail();
  }
}

function stopped(timer: Timer | null): Timer | null {
  if (timer !== null) timer.cancel();
  return null;
}

class CloseDeadline extends Task {
  constructor(private connection: Connection) {
    super();
  }

  run(): void {
    this.connection.giveUp();
  }
}

/** Closes a connection that did not do in time what it had to. */
class TimeIsUp extends Task {
  constructor(
    private connection: Connection,
    private reason: CloseReason,
  ) {
    super();
  }

  run(): void {
    this.connection.close(this.reason);
  }
}
