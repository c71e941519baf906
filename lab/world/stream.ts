/**
 * A TCP connection: two ends, each with a bounded inbox and outbox. Where the standard leaves a
 * choice, it does what Linux does: the order of data, end and reset in reads, the errno of a reset,
 * and the effect of a close with unread bytes.
 */
import { Errno, Filetype, Sdflags } from "../../host/runtime/abi.js";
import { ByteQueue, copyOf, totalLength } from "../../host/runtime/table/byte_queue.js";
import { Descriptor, Ready, setSocketFlags } from "../../host/runtime/table/descriptor.js";

export interface StreamOptions {
  /** The bytes that an end can hold until they are read. */
  inboxBytes: number;
  /** The bytes that an end can hold until the other end has received them. */
  outboxBytes: number;
  /** The latency from one end to the other; with 0 bytes arrive at once, within the call. */
  latencyNs: number;
}

/** Schedules an action after a time. */
export type After = (nanoseconds: number, action: () => void) => unknown;

export class StreamEnd extends Descriptor {
  override filetype: number = Filetype.SOCKET_STREAM;
  /** Called when bytes, the end or a reset have arrived. */
  onArrival: (() => void) | undefined;
  /** Called when there is room to send again. */
  onRoom: (() => void) | undefined;
  /** The address of the other end, as in `203.0.113.7:4000` or `[2001:db8::1]:4000`. */
  remote: string | undefined;

  readonly #inbox = new ByteQueue();
  readonly #outbox = new ByteQueue();
  #other: StreamEnd | undefined;
  /** The errno of a reset that was not reported yet. */
  #error = 0;
  /** True once the other end's FIN has arrived: after the inbox comes the end of the stream. */
  #ended = false;
  /** True once this end's FIN was sent. */
  #finished = false;
  #readShut = false;
  #writeShut = false;
  /** True once the connection is gone: reset, or both FINs have arrived. */
  #dead = false;
  /** True once this end was closed; it may still be sending. */
  #released = false;
  #wasBroken = false;
  #flowing = false;

  constructor(
    private readonly options: StreamOptions,
    private readonly after: After,
  ) {
    super();
  }

  static pair(options: StreamOptions, after: After): [StreamEnd, StreamEnd] {
    const ends: [StreamEnd, StreamEnd] = [
      new StreamEnd(options, after),
      new StreamEnd(options, after),
    ];
    ends[0].#other = ends[1];
    ends[1].#other = ends[0];
    return ends;
  }

  /** True if neither end can receive anything any more. */
  get isDead(): boolean {
    return this.#dead;
  }

  /** True if this end was closed. */
  get isReleased(): boolean {
    return this.#released;
  }

  /** True if the connection was reset, by either side. */
  get wasReset(): boolean {
    return this.#wasBroken;
  }

  /** Bytes that were sent and that the other end has not received. */
  get unreceivedBytes(): number {
    return this.#outbox.length;
  }

  override revents(): number {
    const shut = this.#ended || this.#readShut || this.#dead;
    let ready = 0;
    if (this.#inbox.length > 0 || shut) ready |= Ready.IN;
    if (this.#writeShut || this.#dead || this.#hasRoom()) ready |= Ready.OUT;
    if (this.#error !== 0) ready |= Ready.ERR;
    if (this.#dead || (shut && this.#writeShut)) ready |= Ready.HUP;
    return ready;
  }

  /** Linux reports a socket as writable once a third of its buffer is free; a send needs less. */
  #hasRoom(): boolean {
    return this.writableBytes() * 2 >= this.#outbox.length && this.writableBytes() > 0;
  }

  override readableBytes(): number {
    return this.#inbox.length;
  }

  override writableBytes(): number {
    return this.options.outboxBytes - this.#outbox.length;
  }

  override setFlags(flags: number): number {
    return setSocketFlags(this, flags);
  }

  override read(targets: readonly Uint8Array[]): number {
    return this.recv(targets, false);
  }

  override recv(targets: readonly Uint8Array[], peek: boolean): number {
    if (!peek && totalLength(targets) === 0) return 0;
    if (this.#inbox.length === 0) return this.#nothingReceived();
    if (peek) return this.#inbox.peek(targets);
    const got = this.#inbox.read(targets);
    this.#madeRoom();
    return got;
  }

  /** Receives the next piece without a copy; without one, the result of `recv`. */
  take(): Uint8Array | number {
    const piece = this.#inbox.take(Infinity);
    if (piece === undefined) return this.#nothingReceived();
    this.#madeRoom();
    return piece;
  }

  #madeRoom(): void {
    const other = this.#other;
    if (other !== undefined) other.#flow();
  }

  #nothingReceived(): number {
    // The end of the stream comes before the error: after a FIN only senders see a reset.
    if (this.#ended) return 0;
    if (this.#error !== 0) return -this.#takeError();
    return this.#readShut || this.#dead ? 0 : -Errno.AGAIN;
  }

  override write(pieces: readonly Uint8Array[]): number {
    return this.send(pieces);
  }

  override send(pieces: readonly Uint8Array[]): number {
    const wanted = totalLength(pieces);
    if (wanted === 0) return 0;
    if (this.#error !== 0) return -this.#takeError();
    if (this.#writeShut || this.#dead) return -Errno.PIPE;
    const room = this.writableBytes() + this.#roomAtOther();
    if (room <= 0) return -Errno.AGAIN;
    const taken = copyOf(pieces, room);
    this.#outbox.push(taken);
    this.#flow();
    return taken.length;
  }

  /** With no latency, the other end's room counts for a send as well. */
  #roomAtOther(): number {
    const other = this.#other;
    if (this.options.latencyNs > 0 || other === undefined) return 0;
    if (this.#outbox.length > 0) return 0;
    return other.#released ? Infinity : other.#inboxRoom;
  }

  get #inboxRoom(): number {
    return Math.max(0, this.options.inboxBytes - this.#inbox.length);
  }

  override shutdown(how: number): number {
    if (how === 0) return -Errno.INVAL;
    const dead = this.#dead;
    if ((how & Sdflags.RD) !== 0) this.#readShut = true;
    if ((how & Sdflags.WR) !== 0) this.#writeShut = true;
    if (dead) return -Errno.NOTCONN;
    this.#flow();
    return 0;
  }

  /**
   * Closes this end as close(2) does: a reset if bytes are unread, else a FIN after the last byte.
   */
  override close(): void {
    if (this.#released) return;
    if (this.#inbox.length > 0) {
      this.reset();
      return;
    }
    this.#released = true;
    this.#writeShut = true;
    this.#flow();
  }

  /** Ends the connection at once, both ways; bytes that were not received are lost. */
  reset(): void {
    this.#released = true;
    this.#die(0);
    const other = this.#other;
    if (other === undefined) return;
    this.#later(() => other.#wasReset());
  }

  /** Breaks the connection for both ends, without an error to report to this one. */
  override break(): void {
    const released = this.#released;
    this.reset();
    this.#released = released;
  }

  #takeError(): number {
    const error = this.#error;
    this.#error = 0;
    return error;
  }

  /** Handles an RST. */
  #wasReset(): void {
    if (this.#dead) return;
    // On Linux the error is EPIPE if the other end has already sent its FIN.
    this.#die(this.#ended && !this.#writeShut ? Errno.PIPE : Errno.CONNRESET);
    this.onArrival?.();
  }

  #die(error: number): void {
    this.#wasBroken = true;
    this.#dead = true;
    this.#error = error;
    this.#outbox.clear();
  }

  #later(action: () => void): void {
    if (this.options.latencyNs === 0) action();
    else this.after(this.options.latencyNs, action);
  }

  /** Schedules the transfer of whatever can move to the other end. */
  #flow(): void {
    const waits = this.#outbox.length > 0 || (this.#writeShut && !this.#finished);
    if (!waits || this.#flowing || this.#dead) return;
    this.#flowing = true;
    this.#later(() => {
      this.#flowing = false;
      this.#pump();
    });
  }

  #pump(): void {
    const other = this.#other;
    if (other === undefined || this.#dead) return;
    if (other.#released && this.#outbox.length > 0) {
      // The other end is closed, so it answers with an RST.
      this.#wasReset();
      return;
    }
    let moved = false;
    for (;;) {
      const piece = this.#outbox.take(other.#inboxRoom);
      if (piece === undefined) break;
      other.#inbox.push(piece);
      moved = true;
    }
    const finishes = this.#writeShut && !this.#finished && this.#outbox.length === 0;
    if (finishes) {
      this.#finished = true;
      other.#ended = true;
      if (other.#finished) this.#bothFinished(other);
    }
    if (moved || finishes) other.onArrival?.();
    if (moved && this.#hasRoom()) this.onRoom?.();
  }

  #bothFinished(other: StreamEnd): void {
    this.#dead = true;
    other.#dead = true;
  }
}
