/** The guest's side of flow control: a buffer for received bytes, and a window for sent bytes. */
import { Errno } from "../abi.js";
import { ByteQueue, firstBytes, totalLength } from "../table/byte_queue.js";
import type { GuestLink } from "./guest_link.js";
import { CREDIT_STEP_BYTES, Kind, NETWORK_WINDOW_BYTES } from "./protocol.js";

/** Bytes that have arrived for the guest, and that it has not read yet. */
export class ReceiveBuffer {
  readonly #queue = new ByteQueue();
  /** The bytes that the guest has read, and for which no credit was sent yet. */
  #uncredited = 0;
  /** True if the stream ends after the buffered bytes. */
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

  /**
   * Copies buffered bytes into the targets, and removes them unless `peek`.
   *
   * @returns the number of bytes, or 0 if the buffer is empty
   */
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

/** The window for bytes that the guest sends. */
export class SendWindow {
  #inFlight = 0;

  constructor(
    private readonly link: GuestLink,
    private readonly id: number,
  ) {}

  get room(): number {
    return NETWORK_WINDOW_BYTES - this.#inFlight;
  }

  /**
   * True if a third of the window is free. Linux has the same rule, so that a writer is not woken
   * for a single byte.
   */
  get hasRoom(): boolean {
    return this.room * 3 >= NETWORK_WINDOW_BYTES;
  }

  /** Counts bytes that have left for the OS: their room is free again. */
  credit(bytes: number): void {
    this.#inFlight -= bytes;
  }

  /** Sends as many bytes as the window allows. @returns their number, or -EAGAIN if it is full */
  put(pieces: readonly Uint8Array[]): number {
    const size = Math.min(totalLength(pieces), this.room);
    if (size <= 0) return -Errno.AGAIN;
    this.link.send(Kind.DATA, this.id, 0, firstBytes(pieces, size), size);
    this.#inFlight += size;
    return size;
  }
}
