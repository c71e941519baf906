/**
 * A connection: a client's socket with its line reader and its outbox. Its states:
 *
 *     OPEN ------> CLOSING ------> LINGERING ------> CLOSED
 *          close()         drained            peer's end, or timeout
 *
 * OPEN reads lines. CLOSING sends the queued bytes and the last words, and discards input.
 * LINGERING has shut down its write side and waits for the end of the peer's stream: closing a
 * socket with unread bytes would make the kernel send a reset, which could destroy the last words
 * on their way. CLOSE_SECONDS bounds both states together. A broken socket, or one whose peer has
 * ended the stream already, skips states.
 *
 * A send never closes a connection, since it may happen while another connection's line is handled.
 * A connection that breaks, or whose outbox is too large, is only marked: it stays OPEN, but reads
 * no more. At the end of the tick, its `ConnectionSet` closes the marked ones and frees the closed
 * ones.
 */
import { cancelTimer, Timer } from "../../loop/loop";
import { SelectorError } from "../../selectors/errors";
import { EVENT_READ, EVENT_WRITE } from "../../selectors/events";
import { AGAIN } from "../../wasi/errno";
import { close, Fd, recv, shutdownWrite } from "../../wasi/socket";
import { Chunk } from "../sending/chunk";
import { CloseReason } from "./close_reason";
import { ConnectionServices } from "./connection_services";
import { ConnectionState } from "./connection_state";
import { ConnectionInput } from "./connection_input";
import { InputOwner } from "./input_owner";
import { LineHandler } from "./line_handler";
import { Outbox } from "../sending/outbox";
import { Consumption, SlowConsumerPolicy } from "./slow_consumer_policy";
import { CloseOnTimeout } from "./close_on_timeout";
import { Traffic } from "../traffic";

/** A tick reads at most this much of one connection, so that others get their turn. @limit bytes */
export const READ_BYTES: u32 = 65_536;
/**
 * A tick reads at most this much of a connection with a rate limit, since the lines may have to
 * wait in memory.
 */
const PACED_READ_BYTES: u32 = 4096;
/** A closing connection has this long to take its last words and to end. @limit seconds */
export const CLOSE_SECONDS: f64 = 2;

/** The buffer for the reads of all connections: its bytes are handled before the next read. */
const readBuffer = memory.data(65536);

export class Connection extends InputOwner {
  reason: CloseReason = CloseReason.NONE;
  outbox: Outbox;
  received: u64 = 0;
  /** True if it is in the set's list of connections to flush. */
  _queued: bool = false;
  /** The memory of its outbox, when the set searches for the largest ones, in bytes. */
  _weight: u64 = 0;
  /** The connection's index in the set. */
  _index: i32 = -1;
  /** The connection's number in the order of arrival. */
  _arrival: u64 = 0;

  input!: ConnectionInput;
  private peerEnded: bool = false;
  /** The timer that ends CLOSING and LINGERING. */
  private deadline: Timer | null = null;
  /** The events for which the selector watches the socket; 0: none. */
  private watched: u32 = 0;
  private slowConsumer!: SlowConsumerPolicy;
  /** True if the socket has taken less than it was offered, since the last flush. */
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

  /** Sets the peer's address. @returns false if the address has too many connections or arrivals */
  setPeer(peer: string): bool {
    return this.input.setPeer(peer);
  }

  /** Stops reading for some seconds. */
  throttle(seconds: f64): void {
    if (!this.isActive) return;
    this.input.throttle(seconds);
    this.updateInterest();
  }

  /** Handles no lines for some seconds, not even those that it has read. */
  pauseLines(seconds: f64): void {
    if (!this.isActive) return;
    this.input.pauseLines(seconds);
    this.updateInterest();
  }

  /** Closes or warns the peer if it was silent for too long. @returns the time of the next check */
  checkIdle(): u64 {
    return this.input.checkIdle();
  }

  /** Queues the bytes `from` to `to` of a chunk. They are sent at the end of the tick. */
  queueBytes(chunk: Chunk, from: u32, to: u32): void {
    if (this.outbox.isEnded) return;
    this.outbox.appendPiece(chunk, from, to);
    this.set.queueFlush(this);
  }

  /**
   * Queues the rest of bytes that were sent directly.
   *
   * @param sent the number of bytes that the socket took, or -errno
   */
  noteDirectSend(chunk: Chunk, from: u32, to: u32, sent: i32): void {
    if (sent < 0 && sent != -AGAIN) {
      this.onBroken();
      return;
    }
    this.outbox.appendRest(chunk, from, to, max(sent, 0));
    if (this.outbox.queuedBytes == 0) return;
    // The socket has just refused the rest: the next flush only checks the limits.
    this.refused = true;
    this.set.queueFlush(this);
  }

  /**
   * Closes the connection for a reason that the peer is told, after the queued bytes. Does nothing
   * if it is not open, or broken.
   */
  close(reason: CloseReason): void {
    if (this.outbox.isEnded) return;
    const words = this.handler.lastWords(reason);
    this.reason = reason;
    this.state = ConnectionState.CLOSING;
    if (reason == CloseReason.SLOW || reason == CloseReason.MEMORY) this.outbox.dropAfterLine();
    if (words !== null) this.set.sendText(this, words);
    this.outbox.stopAccepting();
    this.input.stopTimers();
    this.deadline = this.set.loop.callLater(
      CLOSE_SECONDS,
      new CloseOnTimeout(this, CloseReason.NONE),
    );
    this.set.queueFlush(this);
    this.handler.onLeft();
  }

  /** Closes a marked connection, unless it was closed meanwhile. Only between ticks. */
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
    if (mask & EVENT_WRITE) this.set.queueFlush(this);
  }

  onExpected(): bool {
    return this.isActive && (this.watched & EVENT_READ) != 0 && this.read();
  }

  /** Sends as much as the socket takes. May mark the connection, but closes nothing. */
  flush(): void {
    if (this.state == ConnectionState.CLOSED || this.mark == CloseReason.BROKEN) return;
    if (!this.refused && this.outbox.flush() < 0) {
      this.onBroken();
      return;
    }
    this.refused = false;
    if (this.isActive) this.checkConsumption();
    if (this.outbox.queuedBytes > 0) this.set.noteBehind(this);
    if (this.input.isBehind && !this.owesAnswers) this.input.resumeLines();
    if (this.state == ConnectionState.CLOSING && this.outbox.queuedBytes == 0) this.onDrained();
    this.updateInterest();
  }

  /** Marks the connection if it is too slow, or throttles the clients that send to it. */
  private checkConsumption(): void {
    const verdict = this.slowConsumer.judgeOutbox(this.outbox);
    if (verdict == Consumption.TOO_SLOW) this.markFor(CloseReason.SLOW);
    else if (verdict == Consumption.BEHIND) this.handler.onBackpressure();
  }

  get owesAnswers(): bool {
    return this.pendingAnswers > 0 || this.outbox.queuedBytes >= this.set.limits.answerBytes;
  }

  /** Sends at once if the outbox is large: a command may have many answers. */
  relieveOutbox(): void {
    if (this.isActive && this.owesAnswers) this.set.flushOne(this);
  }

  /** Frees everything. The set calls it when no handler is running. */
  freeClosed(): void {
    assert(this.state == ConnectionState.CLOSED, "reap of a live connection");
    this.deadline = cancelTimer(this.deadline);
    this.slowConsumer.stopTimer();
    this.outbox.clear();
    this.set.loop.unwatch(this.fd);
    close(this.fd);
    this.input.free();
    this.handler.onClosed(this.reason);
    this.outbox.free();
  }

  /** Reads once. @returns true if there was data, the end or an error */
  private read(): bool {
    if (this.state == ConnectionState.CLOSED || (this.isOpen && !this.isActive)) return false;
    const most = this.input.isBounded ? PACED_READ_BYTES : READ_BYTES;
    const got = recv(this.fd, readBuffer, most);
    if (got == -AGAIN) return false;
    if (got < 0) {
      this.onBroken();
    } else if (got == 0) {
      this.onPeerEnd();
    } else if (this.isOpen) {
      this.received += Traffic.countRead(got);
      this.input.handleBytes(readBuffer, got);
      this.set.loop.expect(this);
    }
    return true;
  }

  /** Handles the end of the peer's stream. An unfinished line counts as its last one. */
  private onPeerEnd(): void {
    this.peerEnded = true;
    if (this.isOpen) this.input.finishStream();
    if (this.isActive) this.close(CloseReason.LEFT);
    else if (this.state == ConnectionState.LINGERING) this.giveUp();
    this.updateInterest();
  }

  /** Handles a broken socket: nothing can be sent any more. */
  private onBroken(): void {
    if (this.isOpen) this.markFor(CloseReason.BROKEN);
    else this.giveUp();
  }

  /** Marks the connection for the set to close it. BROKEN replaces another mark. */
  private markFor(reason: CloseReason): void {
    if (this.mark == CloseReason.NONE) this.set.noteMarked(this);
    this.mark = reason;
    if (reason == CloseReason.BROKEN) this.outbox.stopAccepting();
  }

  private onDrained(): void {
    if (this.peerEnded || this.reason == CloseReason.STOPPING || shutdownWrite(this.fd) < 0) {
      this.giveUp();
    } else {
      this.state = ConnectionState.LINGERING;
    }
  }

  /** Closes the connection at once. */
  giveUp(): void {
    if (this.state == ConnectionState.CLOSED) return;
    this.state = ConnectionState.CLOSED;
    this.outbox.stopAccepting();
    this.set.noteDead(this);
  }

  /**
   * Registers the events to wait for: EVENT_WRITE only while bytes are queued (the last lesson of
   * the tutorial), EVENT_READ only until the peer's end, which stays readable for ever.
   */
  updateInterest(): void {
    if (this.state == ConnectionState.CLOSED || this.mark == CloseReason.BROKEN) return;
    const reads = !this.peerEnded && !this.input.isWaiting;
    const wanted = (reads ? EVENT_READ : 0) | (this.outbox.queuedBytes > 0 ? EVENT_WRITE : 0);
    if (wanted == this.watched) return;
    this.watched = wanted;
    if (wanted == 0) this.set.loop.unwatch(this.fd);
    else if (this.set.loop.watch(this.fd, wanted, this) != SelectorError.NONE) this.onBroken();
  }
}

/** The set of a connection, as the connection sees it. */
export abstract class ConnectionOwner extends ConnectionServices {
  abstract queueFlush(connection: Connection): void;
  abstract sendText(connection: Connection, text: string): void;
  /** Lists a connection that could not send everything, must be closed, or must be freed. */
  abstract noteBehind(connection: Connection): void;
  abstract noteMarked(connection: Connection): void;
  abstract noteDead(connection: Connection): void;
  abstract flushOne(connection: Connection): void;
}
