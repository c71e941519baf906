/** The guest's ends of its streams: what has come and is not read, and room for what it says. */
import { Errno } from "../abi.js";
import { ByteQueue, firstBytes, totalLength } from "../table/byte_queue.js";
import type { GuestLink } from "./guest_link.js";
import { CREDIT_STEP_BYTES, Kind, NETWORK_WINDOW_BYTES } from "./protocol.js";

/** Bytes to the guest. */
export class ReceiveBuffer {
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
export class SendWindow {
  #underWay = 0;

  constructor(
    private readonly link: GuestLink,
    private readonly id: number,
  ) {}

  get room(): number {
    return NETWORK_WINDOW_BYTES - this.#underWay;
  }

  /** As Linux has it: a third must be free, so that a writer is not woken for a byte. */
  get hasRoom(): boolean {
    return this.room * 3 >= NETWORK_WINDOW_BYTES;
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
