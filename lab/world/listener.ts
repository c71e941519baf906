/** A listening socket: connections that nobody has accepted yet. It outlives the guests. */
import { Filetype } from "../../host/runtime/abi.js";
import { Descriptor, Ready, setSocketFlags } from "../../host/runtime/table/descriptor.js";
import type { StreamEnd } from "./stream.js";

export class Listener extends Descriptor {
  override filetype: number = Filetype.SOCKET_STREAM;
  override nonBlocking = true;
  readonly #waiting: StreamEnd[] = [];

  constructor(readonly backlog: number) {
    super();
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  get isFull(): boolean {
    return this.#waiting.length >= this.backlog;
  }

  /** A connection is made; the guest need not know yet. */
  enqueue(end: StreamEnd): void {
    this.#waiting.push(end);
  }

  /** @returns undefined if nobody waits */
  accept(): StreamEnd | undefined {
    return this.#waiting.shift();
  }

  override revents(): number {
    return this.#waiting.length > 0 ? Ready.IN : 0;
  }

  /** wasmtime does not ask: a listener has "one byte" at all times. */
  override readableBytes(): number {
    return 1;
  }

  override setFlags(flags: number): number {
    return setSocketFlags(this, flags);
  }
}
