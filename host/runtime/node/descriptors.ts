/**
 * The guest's sockets, as the guest's thread sees them. All state that a call needs is in this
 * thread, so a call that does not wait never leaves it.
 */
import { Errno, Filetype, Sdflags } from "../abi.js";
import { totalLength } from "../table/byte_queue.js";
import { Descriptor, Ready, setSocketFlags } from "../table/descriptor.js";
import { ReceiveBuffer, SendWindow } from "./windows.js";
import type { GuestLink, Receiver } from "./guest_link.js";
import { Kind, type Message } from "./protocol.js";

/** A connection that the guest has accepted. */
export class Connection extends Descriptor implements Receiver {
  override filetype: number = Filetype.SOCKET_STREAM;
  readonly #received: ReceiveBuffer;
  readonly #window: SendWindow;
  /** The errno of a broken connection, until a call has returned it to the guest. 0 for none. */
  #error = 0;
  #broken = false;
  #readShut = false;
  #writeShut = false;

  constructor(
    private readonly link: GuestLink,
    private readonly id: number,
  ) {
    super();
    this.#received = new ReceiveBuffer(link, id);
    this.#window = new SendWindow(link, id);
    link.attach(id, this);
    link.send(Kind.ACCEPTED, id, 0);
  }

  receive({ kind, value, bytes }: Message): void {
    if (kind === Kind.DATA) {
      // Linux, too, delivers bytes after a shutdown of the reading direction, before the end.
      this.#received.push(bytes);
    } else if (kind === Kind.CREDIT) {
      this.#window.credit(value);
    } else if (kind === Kind.END) {
      this.#received.ended = true;
    } else if (kind === Kind.BROKEN) {
      this.#broken = true;
      this.#error = value;
    }
  }

  get #isEnded(): boolean {
    return this.#received.ended || this.#readShut;
  }

  /** True when both directions have ended. */
  get #isClosedBothWays(): boolean {
    return this.#broken || (this.#isEnded && this.#writeShut);
  }

  override revents(): number {
    let ready = 0;
    if (this.#received.length > 0 || this.#isEnded || this.#broken) ready |= Ready.IN;
    if (this.#writeShut || this.#broken || this.#window.hasRoom) ready |= Ready.OUT;
    if (this.#error !== 0) ready |= Ready.ERR;
    if (this.#isClosedBothWays) ready |= Ready.HUP;
    return ready;
  }

  override readableBytes(): number {
    return this.#received.length;
  }

  override writableBytes(): number {
    return this.#window.room;
  }

  override setFlags(flags: number): number {
    return setSocketFlags(this, flags);
  }

  override read(targets: readonly Uint8Array[]): number {
    return this.recv(targets, false);
  }

  override recv(targets: readonly Uint8Array[], peek: boolean): number {
    if (!peek && totalLength(targets) === 0) return 0;
    if (this.#received.length > 0) return this.#received.take(targets, peek);
    // The end of the stream takes precedence: after it, only a send reports a reset.
    if (this.#isEnded) return 0;
    if (this.#error !== 0) return -this.#takeError();
    return this.#broken ? 0 : -Errno.AGAIN;
  }

  override write(pieces: readonly Uint8Array[]): number {
    return this.send(pieces);
  }

  override send(pieces: readonly Uint8Array[]): number {
    if (totalLength(pieces) === 0) return 0;
    if (this.#error !== 0) return -this.#takeError();
    if (this.#writeShut || this.#broken) return -Errno.PIPE;
    return this.#window.put(pieces);
  }

  override shutdown(how: number): number {
    if (how === 0) return -Errno.INVAL;
    const over = this.#broken || (this.#received.ended && this.#writeShut);
    if ((how & Sdflags.RD) !== 0) this.#readShut = true;
    const ends = (how & Sdflags.WR) !== 0 && !this.#writeShut;
    if (ends) this.#writeShut = true;
    if (over) return -Errno.NOTCONN;
    if (ends) this.link.send(Kind.END, this.id, 0);
    return 0;
  }

  override close(): void {
    this.link.send(Kind.CLOSED, this.id, this.#received.uncredited);
    this.link.detach(this.id);
  }

  /** Returns the pending errno and clears it. A socket reports an error once. */
  #takeError(): number {
    const error = this.#error;
    this.#error = 0;
    return error;
  }
}

/** A listening socket, with the connections that the guest has not accepted yet. */
export class Listener extends Descriptor {
  override filetype: number = Filetype.SOCKET_STREAM;
  // Node has opened the socket, and Node's sockets are non-blocking.
  override nonBlocking = true;
  readonly #waiting: number[] = [];

  constructor(
    private readonly link: GuestLink,
    private readonly index: number,
  ) {
    super();
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Queues a new connection. */
  arrived(id: number): void {
    this.#waiting.push(id);
  }

  /** Accepts the oldest connection. @returns undefined if none is queued */
  accept(): Connection | undefined {
    const id = this.#waiting.shift();
    return id === undefined ? undefined : new Connection(this.link, id);
  }

  override revents(): number {
    return this.#waiting.length > 0 ? Ready.IN : 0;
  }

  override readableBytes(): number {
    return this.#waiting.length > 0 ? 1 : 0;
  }

  override setFlags(flags: number): number {
    return setSocketFlags(this, flags);
  }

  override close(): void {
    this.link.send(Kind.UNLISTENED, 0, this.index);
  }
}
