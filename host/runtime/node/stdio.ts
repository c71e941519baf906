/** The standard streams of a guest on Node: descriptors 0, 1 and 2. */
import { Errno, Fdflags, Rights } from "../abi.js";
import { totalLength } from "../table/byte_queue.js";
import { Descriptor, Ready } from "../table/descriptor.js";
import { ReceiveBuffer, SendWindow } from "./windows.js";
import type { GuestLink, Receiver } from "./guest_link.js";
import { Kind, STDIN_ID, type Message } from "./protocol.js";

/** Standard input, descriptor 0. */
export class Input extends Descriptor implements Receiver {
  override rights: bigint = Rights.FD_READ;
  readonly #received: ReceiveBuffer;

  constructor(link: GuestLink) {
    super();
    this.#received = new ReceiveBuffer(link, STDIN_ID);
    link.attach(STDIN_ID, this);
  }

  receive({ kind, bytes }: Message): void {
    if (kind === Kind.DATA) this.#received.push(bytes);
    else if (kind === Kind.END) this.#received.ended = true;
  }

  override revents(): number {
    const ready = this.#received.length > 0 ? Ready.IN : 0;
    return this.#received.ended ? ready | Ready.HUP : ready;
  }

  override readableBytes(): number {
    return this.#received.length;
  }

  override seek(): number {
    return -Errno.SPIPE;
  }

  override read(targets: readonly Uint8Array[]): number {
    if (totalLength(targets) === 0) return 0;
    if (this.#received.length > 0) return this.#received.take(targets, false);
    return this.#received.ended ? 0 : -Errno.AGAIN;
  }
}

/** Standard output or standard error, descriptors 1 and 2. */
export class Output extends Descriptor implements Receiver {
  override rights: bigint = Rights.FD_WRITE;
  readonly #window: SendWindow;
  #broken = false;

  constructor(link: GuestLink, id: number) {
    super();
    this.#window = new SendWindow(link, id);
    link.attach(id, this);
  }

  receive({ kind, value }: Message): void {
    if (kind === Kind.CREDIT) this.#window.credit(value);
    else if (kind === Kind.BROKEN) this.#broken = true;
  }

  override get flags(): number {
    return Fdflags.APPEND;
  }

  override revents(): number {
    if (this.#broken) return Ready.OUT | Ready.ERR;
    return this.#window.hasRoom ? Ready.OUT : 0;
  }

  override writableBytes(): number {
    return this.#window.room;
  }

  override seek(): number {
    return -Errno.SPIPE;
  }

  override write(pieces: readonly Uint8Array[]): number {
    if (this.#broken) return -Errno.PIPE;
    return totalLength(pieces) === 0 ? 0 : this.#window.put(pieces);
  }
}
