/**
 * The descriptors of a guest on Node, as its thread sees them: all state that a call asks for is
 * here, so that a call that does not wait never leaves the thread.
 */
import { Errno, Fdflags, Filetype, Rights, Sdflags } from "../wasi/abi.js";
import { ByteQueue, firstBytes, totalLength } from "../wasi/virtual/byte_queue.js";
import { Descriptor, Ready, setSocketFlags } from "../wasi/virtual/descriptor.js";
import type { GuestLink, Receiver } from "./guest_link.js";
import { CREDIT_STEP_BYTES, Kind, STDIN_ID, TO_NETWORK_BYTES, type Message } from "./protocol.js";

/** Bytes to the guest. */
class Inflow {
  readonly #queue = new ByteQueue();
  /** Read by the guest, and no credit given for it yet. */
  #uncredited = 0;
  /** After the bytes comes the end. */
  ended = false;

  constructor(
    private readonly link: GuestLink,
    private readonly id: number,
  ) {}

  get length(): number {
    return this.#queue.length;
  }

  get uncredited(): number {
    return this.#uncredited;
  }

  push(bytes: Uint8Array): void {
    this.#queue.push(bytes);
  }

  /** What there is, or 0. */
  take(targets: readonly Uint8Array[], peek: boolean): number {
    if (peek) return this.#queue.peek(targets);
    const taken = this.#queue.read(targets);
    this.#uncredited += taken;
    if (this.#uncredited >= CREDIT_STEP_BYTES && !this.ended) {
      this.link.send(Kind.CREDIT, this.id, this.#uncredited);
      this.#uncredited = 0;
    }
    return taken;
  }
}

/** Bytes from the guest. */
class Outflow {
  #underWay = 0;

  constructor(
    private readonly link: GuestLink,
    private readonly id: number,
  ) {}

  get room(): number {
    return TO_NETWORK_BYTES - this.#underWay;
  }

  /** As Linux has it: a third must be free, so that a writer is not woken for a byte. */
  get hasRoom(): boolean {
    return this.room * 3 >= TO_NETWORK_BYTES;
  }

  credit(bytes: number): void {
    this.#underWay -= bytes;
  }

  /** @returns the bytes taken, or -AGAIN */
  put(pieces: readonly Uint8Array[]): number {
    const size = Math.min(totalLength(pieces), this.room);
    if (size <= 0) return -Errno.AGAIN;
    this.link.send(Kind.DATA, this.id, 0, firstBytes(pieces, size), size);
    this.#underWay += size;
    return size;
  }
}

/** A connection that the guest has accepted. */
export class Connection extends Descriptor implements Receiver {
  override filetype: number = Filetype.SOCKET_STREAM;
  readonly #inflow: Inflow;
  readonly #outflow: Outflow;
  /** Of a break that the guest has not been told of. */
  #error = 0;
  #broken = false;
  #readShut = false;
  #writeShut = false;

  constructor(
    private readonly link: GuestLink,
    private readonly id: number,
  ) {
    super();
    this.#inflow = new Inflow(link, id);
    this.#outflow = new Outflow(link, id);
    link.attach(id, this);
    link.send(Kind.ACCEPTED, id, 0);
  }

  receive({ kind, value, bytes }: Message): void {
    if (kind === Kind.DATA) {
      if (!this.#readShut) this.#inflow.push(bytes);
    } else if (kind === Kind.CREDIT) {
      this.#outflow.credit(value);
    } else if (kind === Kind.END) {
      this.#inflow.ended = true;
    } else if (kind === Kind.BROKEN) {
      this.#broken = true;
      this.#error = value;
    }
  }

  get #isEnded(): boolean {
    return this.#inflow.ended || this.#readShut;
  }

  override revents(): number {
    const over = this.#broken || (this.#isEnded && this.#writeShut);
    let ready = 0;
    if (this.#inflow.length > 0 || this.#isEnded || this.#broken) ready |= Ready.IN;
    if (this.#writeShut || this.#broken || this.#outflow.hasRoom) ready |= Ready.OUT;
    if (this.#error !== 0) ready |= Ready.ERR;
    if (over) ready |= Ready.HUP;
    return ready;
  }

  override readableBytes(): number {
    return this.#inflow.length;
  }

  override writableBytes(): number {
    return this.#outflow.room;
  }

  override setFlags(flags: number): number {
    return setSocketFlags(this, flags);
  }

  override read(targets: readonly Uint8Array[]): number {
    return this.recv(targets, false);
  }

  override recv(targets: readonly Uint8Array[], peek: boolean): number {
    if (!peek && totalLength(targets) === 0) return 0;
    if (this.#inflow.length > 0) return this.#inflow.take(targets, peek);
    // The end before the error: a reset after the end is seen by those who send.
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
    return this.#outflow.put(pieces);
  }

  override shutdown(how: number): number {
    if (how === 0) return -Errno.INVAL;
    if ((how & Sdflags.RD) !== 0) this.#readShut = true;
    const ends = (how & Sdflags.WR) !== 0 && !this.#writeShut;
    if (ends) this.#writeShut = true;
    if (this.#broken) return -Errno.NOTCONN;
    if (ends) this.link.send(Kind.END, this.id, 0);
    return 0;
  }

  override close(): void {
    this.link.send(Kind.CLOSED, this.id, this.#inflow.uncredited);
    this.link.detach(this.id);
  }

  #takeError(): number {
    const error = this.#error;
    this.#error = 0;
    return error;
  }
}

/** A listening socket: connections that the guest has not accepted yet. */
export class Listener extends Descriptor {
  override filetype: number = Filetype.SOCKET_STREAM;
  // It was opened by Node.
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

  /** A connection has come. */
  arrived(id: number): void {
    this.#waiting.push(id);
  }

  /** @returns undefined if nobody waits */
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

/** fd 0. */
export class Input extends Descriptor implements Receiver {
  override rights: bigint = Rights.FD_READ;
  readonly #inflow: Inflow;

  constructor(link: GuestLink) {
    super();
    this.#inflow = new Inflow(link, STDIN_ID);
    link.attach(STDIN_ID, this);
  }

  receive({ kind, bytes }: Message): void {
    if (kind === Kind.DATA) this.#inflow.push(bytes);
    else if (kind === Kind.END) this.#inflow.ended = true;
  }

  override revents(): number {
    const ready = this.#inflow.length > 0 ? Ready.IN : 0;
    return this.#inflow.ended ? ready | Ready.HUP : ready;
  }

  override readableBytes(): number {
    return this.#inflow.length;
  }

  override seek(): number {
    return -Errno.SPIPE;
  }

  override read(targets: readonly Uint8Array[]): number {
    if (totalLength(targets) === 0) return 0;
    if (this.#inflow.length > 0) return this.#inflow.take(targets, false);
    return this.#inflow.ended ? 0 : -Errno.AGAIN;
  }
}

/** fd 1 or 2. */
export class Output extends Descriptor implements Receiver {
  override rights: bigint = Rights.FD_WRITE;
  readonly #outflow: Outflow;
  #broken = false;

  constructor(link: GuestLink, id: number) {
    super();
    this.#outflow = new Outflow(link, id);
    link.attach(id, this);
  }

  receive({ kind, value }: Message): void {
    if (kind === Kind.CREDIT) this.#outflow.credit(value);
    else if (kind === Kind.BROKEN) this.#broken = true;
  }

  override get flags(): number {
    return Fdflags.APPEND;
  }

  override revents(): number {
    if (this.#broken) return Ready.OUT | Ready.ERR;
    return this.#outflow.hasRoom ? Ready.OUT : 0;
  }

  override writableBytes(): number {
    return this.#outflow.room;
  }

  override seek(): number {
    return -Errno.SPIPE;
  }

  override write(pieces: readonly Uint8Array[]): number {
    if (this.#broken) return -Errno.PIPE;
    return totalLength(pieces) === 0 ? 0 : this.#outflow.put(pieces);
  }
}
