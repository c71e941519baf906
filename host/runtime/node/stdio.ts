/** The three descriptors that every guest has, on Node. */
import { Errno, Fdflags, Rights } from "../abi.js";
import { totalLength } from "../table/byte_queue.js";
import { Descriptor, Ready } from "../table/descriptor.js";
import { Inflow, Outflow } from "./guest_flows.js";
import type { GuestLink, Receiver } from "./guest_link.js";
import { Kind, STDIN_ID, type Message } from "./protocol.js";

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
