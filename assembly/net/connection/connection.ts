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
 *
 * A send closes nothing: it may happen while another connection's line is dealt with. A connection
 * that breaks, or is owed too much, is only marked. It stays OPEN, but reads no more. Its
 * `ConnectionSet` closes it at the end of the tick, and frees what is CLOSED then.
 */
import { cancelTimer, Handler, Timer } from "../../loop/loop";
import { SelectorError } from "../../selectors/errors";
import { EVENT_READ, EVENT_WRITE } from "../../selectors/events";
import { AGAIN } from "../../wasi/errno";
import { close, Fd, recv, shutdownWrite } from "../../wasi/socket";
import { Chunk } from "../sending/chunk";
import { CloseReason } from "./close_reason";
import { ConnectionServices } from "./connection_services";
import { ConnectionState } from "./connection_state";
import { ConnectionInput, InputOwner } from "./connection_input";
import { LineHandler } from "./line_handler";
import { Outbox } from "../sending/outbox";
import { Consumption, SlowConsumerPolicy } from "./slow_consumer_policy";
import { Closable, CloseOnTimeout } from "./close_on_timeout";
import { Traffic } from "../traffic";

/** A tick reads so much of one connection, so that the others get their turn. @limit bytes */
export const READ_BYTES: u32 = 65_536;
/** The same where lines may have to wait: so much of it is held. */
const PACED_READ_BYTES: u32 = 4096;
/** A closing connection gets so long to take its last words and to end. @limit seconds */
export const CLOSE_SECONDS: f64 = 2;

/** One for all: what is read is used before the next read. */
const readBuffer = memory.data(65536);

export class Connection extends Handler implements Closable, InputOwner {
  state: ConnectionState = ConnectionState.OPEN;
  reason: CloseReason = CloseReason.NONE;
  /** Why it is closed at the end of this tick; NONE if it is not. */
  mark: CloseReason = CloseReason.NONE;
  outbox: Outbox;
  received: u64 = 0;
  /** Bytes that were written to the peer alone, and not to a group. */
  answeredBytes: u64 = 0;
  /** Whether it is on the set's list of those to flush. */
  _queued: bool = false;
  /** What it holds, when the set looks for who holds most. */
  _weight: u64 = 0;
  /** Its place in the set, and its number among all that have ever come. */
  _index: i32 = -1;
  _arrival: u64 = 0;

  private input!: ConnectionInput;
  private peerEnded: bool = false;
  /** Of the end. */
  private deadline: Timer | null = null;
  private watched: u32 = 0;
  private slowConsumer!: SlowConsumerPolicy;
  /** Whether the socket has taken less than it was offered, since the last flush. */
  private refused: bool = false;

  constructor(
    public fd: Fd,
    private set: ConnectionOwner,
    private handler: LineHandler,
    proxied: bool,
  ) {
    super();
    this.outbox = new Outbox(fd);
    this.slowConsumer = new SlowConsumerPolicy(set.loop, set.limits, this);
    this.input = new ConnectionInput(this, set, handler, proxied);
    this.updateInterest();
  }

  // @ts-ignore: decorator
  @inline
  get isOpen(): bool {
    return this.state == ConnectionState.OPEN;
  }

  /** Whether it is open and not marked: lines are read of no other. */
  get isActive(): bool {
    return this.isOpen && this.mark == CloseReason.NONE;
  }

  takesLines(): bool {
    return this.isActive;
  }

  /** Says where it comes from, once that is known. @returns false if too many come from there */
  locate(peer: string): bool {
    return this.input.locate(peer);
  }

  /** Reads nothing for a while. */
  rest(seconds: f64): void {
    if (!this.isActive) return;
    this.input.rest(seconds);
    this.updateInterest();
  }

  /** Closes it, or warns it, if it has been silent for too long. @returns when to look again */
  checkIdle(): u64 {
    return this.input.checkIdle();
  }

  /** Owes the peer bytes `from` to `to` of a chunk; they leave at the end of the tick. */
  send(chunk: Chunk, from: u32, to: u32): void {
    if (this.outbox.isEnded) return;
    this.outbox.append(chunk, from, to);
    this.set.queue(this);
  }

  /** The socket has been offered bytes of a chunk. @param sent how many it took, or -errno */
  took(chunk: Chunk, from: u32, to: u32, sent: i32): void {
    if (sent < 0 && sent != -AGAIN) {
      this.fail();
      return;
    }
    this.outbox.took(chunk, from, to, max(sent, 0));
    if (this.outbox.bytes == 0) return;
    // The socket has just refused the rest: the flush that follows only judges.
    this.refused = true;
    this.set.queue(this);
  }

  /**
   * Ends the connection for a reason that the peer is told; what is owed is sent first. Does
   * nothing if it is not open, or has broken.
   */
  close(reason: CloseReason): void {
    if (this.outbox.isEnded) return;
    const words = this.handler.lastWords(reason);
    this.reason = reason;
    this.state = ConnectionState.CLOSING;
    this.outbox.end();
    if (reason == CloseReason.SLOW || reason == CloseReason.MEMORY) this.outbox.dropAfterLine();
    if (words !== null) this.set.sayTo(this, words);
    this.input.stop();
    this.deadline = this.set.loop.callLater(
      CLOSE_SECONDS,
      new CloseOnTimeout(this, CloseReason.NONE),
    );
    this.set.queue(this);
    this.handler.onLeft();
  }

  /** Closes it as it has been marked, unless it has been closed meanwhile. Only between ticks. */
  closeMarked(): void {
    if (!this.isOpen) return;
    if (this.mark != CloseReason.BROKEN) {
      this.close(this.mark);
    } else {
      this.reason = CloseReason.BROKEN;
      this.giveUp();
    }
  }

  onReady(mask: u32): void {
    if (mask & EVENT_READ) this.read();
    if (mask & EVENT_WRITE) this.set.queue(this);
  }

  onExpected(): bool {
    return this.isActive && (this.watched & EVENT_READ) != 0 && this.read();
  }

  /** Sends what the socket takes. It may mark the connection, and closes nothing. */
  flush(): void {
    if (this.state == ConnectionState.CLOSED || this.mark == CloseReason.BROKEN) return;
    if (!this.refused && this.outbox.flush() < 0) {
      this.fail();
      return;
    }
    this.refused = false;
    if (this.isActive) this.judge();
    if (this.outbox.bytes > 0) this.set.noteBehind(this);
    if (this.state == ConnectionState.CLOSING && this.outbox.bytes == 0) this.drained();
    this.updateInterest();
  }

  /** Marks it if it reads too slowly, or asks those who speak to it to wait. */
  private judge(): void {
    const verdict = this.slowConsumer.judge(this.outbox);
    if (verdict == Consumption.TOO_SLOW) this.markFor(CloseReason.SLOW);
    else if (verdict == Consumption.BEHIND) this.handler.onBackpressure();
  }

  /** Sends at once if more than the hard limit is owed: for answers, of which many may be asked. */
  relieve(): void {
    if (this.isActive && this.outbox.bytes > this.set.limits.hardBytes) this.set.flushOne(this);
  }

  /** Gives everything back; called by the set, when no handler is running. */
  reap(): void {
    assert(this.state == ConnectionState.CLOSED, "reap of a live connection");
    this.deadline = cancelTimer(this.deadline);
    this.slowConsumer.stop();
    this.outbox.clear();
    this.set.loop.unwatch(this.fd);
    close(this.fd);
    this.input.free();
    this.handler.onClosed(this.reason);
    this.outbox.free();
  }

  /** @returns whether there was anything to read, be it the end */
  private read(): bool {
    if (this.state == ConnectionState.CLOSED || (this.isOpen && !this.isActive)) return false;
    const most = this.input.isBounded ? PACED_READ_BYTES : READ_BYTES;
    const got = recv(this.fd, readBuffer, most);
    if (got == -AGAIN) return false;
    if (got < 0) {
      this.fail();
    } else if (got == 0) {
      this.ended();
    } else if (this.isOpen) {
      this.received += Traffic.read(got);
      this.input.take(readBuffer, got);
      this.set.loop.expect(this);
    }
    return true;
  }

  /** The peer will send no more: an unfinished line was its last. */
  private ended(): void {
    this.peerEnded = true;
    if (this.isOpen) this.input.finish();
    if (this.isActive) this.close(CloseReason.LEFT);
    else if (this.state == ConnectionState.LINGERING) this.giveUp();
    this.updateInterest();
  }

  /** The socket is broken: nothing can be sent to the peer any more. */
  private fail(): void {
    if (this.isOpen) this.markFor(CloseReason.BROKEN);
    else this.giveUp();
  }

  /** Has the set close it at the end of the tick. A socket that breaks later is broken. */
  private markFor(reason: CloseReason): void {
    if (this.mark == CloseReason.NONE) this.set.noteMarked(this);
    this.mark = reason;
    if (reason == CloseReason.BROKEN) this.outbox.end();
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
    this.outbox.end();
    this.set.bury(this);
  }

  /**
   * Watches for what can happen next. EVENT_WRITE is asked for only while something is owed (the
   * tutorial's closing lesson), EVENT_READ only until the peer's end, which is readable for ever.
   */
  updateInterest(): void {
    if (this.state == ConnectionState.CLOSED || this.mark == CloseReason.BROKEN) return;
    const reads = !this.peerEnded && !this.input.isWaiting;
    const wanted = (reads ? EVENT_READ : 0) | (this.outbox.bytes > 0 ? EVENT_WRITE : 0);
    if (wanted == this.watched) return;
    this.watched = wanted;
    if (wanted == 0) this.set.loop.unwatch(this.fd);
    else if (this.set.loop.watch(this.fd, wanted, this) != SelectorError.NONE) this.fail();
  }
}

/** The set that a connection belongs to, as the connection sees it. */
export abstract class ConnectionOwner extends ConnectionServices {
  abstract queue(connection: Connection): void;
  abstract sayTo(connection: Connection, text: string): void;
  /** It could not send all; it is to be closed at the end of the tick; it is to be reaped. */
  abstract noteBehind(connection: Connection): void;
  abstract noteMarked(connection: Connection): void;
  abstract bury(connection: Connection): void;
  abstract flushOne(connection: Connection): void;
}
