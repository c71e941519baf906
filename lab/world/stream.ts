/**
 * A TCP connection: two ends, each with a bounded inbox and outbox. As Linux does it, where the
 * standard leaves room: what an end reads first when several things are true, which errno a reset
 * leaves, what a close with unread bytes does.
 */
import { Errno, Filetype, Sdflags } from "../../host/runtime/abi.js";
import { ByteQueue, copyOf, totalLength } from "../../host/runtime/table/byte_queue.js";
import { Descriptor, Ready, setSocketFlags } from "../../host/runtime/table/descriptor.js";

export interface StreamOptions {
  /** Bytes that an end has received and nobody has read yet. */
  inboxBytes: number;
  /** Bytes that an end has sent and the other has not received. */
  outboxBytes: number;
  /** From one end to the other. 0: at once, within the call. */
  latencyNs: number;
}

/** How an end learns that time has passed. */
export type After = (nanoseconds: number, action: () => void) => unknown;

export class StreamEnd extends Descriptor {
  override filetype: number = Filetype.SOCKET_STREAM;
  /** Called when bytes, the end or a reset have come in. */
  onArrival: (() => void) | undefined;
  /** Called when there is room to send again. */
  onRoom: (() => void) | undefined;
  /** Where the other end is: `203.0.113.7:4000`, `[2001:db8::1]:4000`. */
  remote: string | undefined;

  readonly #inbox = new ByteQueue();
  readonly #outbox = new ByteQueue();
  #other: StreamEnd | undefined;
  /** Of a reset that nobody has been told of. */
  #error = 0;
  /** The other's FIN is in: after the inbox comes the end. */
  #ended = false;
  /** Our FIN is out. */
  #finished = false;
  #readShut = false;
  #writeShut = false;
  /** The connection is no more: reset, or both FINs are through. */
  #dead = false;
  /** Nobody holds this end any more; it may still be sending. */
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

  /** Neither end can be told anything any more. */
  get isDead(): boolean {
    return this.#dead;
  }

  /** It was given up by those who held this end. */
  get isReleased(): boolean {
    return this.#released;
  }

  /** The connection was broken, by whichever side. */
  get wasReset(): boolean {
    return this.#wasBroken;
  }

  /** Sent, and not yet received by the other. */
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

  /** Linux calls a socket writable once a third of its buffer is free, though a send takes less. */
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

  /** Receives one piece as it came, not copied; or what `recv` says of none. */
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
    // The end before the error: a reset after the FIN is seen by those who send.
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

  /** Where nothing takes time, what the other has room for is sent as one with what we have. */
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

  /** As close(2): with unread bytes a reset, else the FIN once everything is sent. */
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

  /** Ends the connection at once, both ways; what was not received is lost. */
  reset(): void {
    this.#released = true;
    this.#die(0);
    const other = this.#other;
    if (other === undefined) return;
    this.#later(() => other.#wasReset());
  }

  /** Breaks the connection for both, with nothing left to tell this end. */
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

  /** An RST has come in. */
  #wasReset(): void {
    if (this.#dead) return;
    // Linux: EPIPE for those to whom the other has already said its last word.
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

  /** Sees to it that what can move from here to the other does. */
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
      // Nobody is there to read it: the answer is an RST.
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
