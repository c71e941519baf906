/** A listening socket with its queue of connections. It survives the guests. */
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

  /** Queues a new connection; the guest may accept it later. */
  enqueue(end: StreamEnd): void {
    this.#waiting.push(end);
  }

  /** @returns undefined if no connection is queued */
  accept(): StreamEnd | undefined {
    return this.#waiting.shift();
  }

  override revents(): number {
    return this.#waiting.length > 0 ? Ready.IN : 0;
  }

  /** wasmtime does not check: for it a listener always has "one byte". */
  override readableBytes(): number {
    return 1;
  }

  override setFlags(flags: number): number {
    return setSocketFlags(this, flags);
  }
}
