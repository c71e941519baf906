/**
 * Forwarders between a Node stream in the main thread and the guest. Each keeps to the window of
 * its direction (protocol.ts).
 */
import type { Readable, Writable } from "node:stream";
import type { NetworkLink } from "./network_link.js";
import { CREDIT_STEP_BYTES, Kind, GUEST_WINDOW_BYTES } from "./protocol.js";

/**
 * Sends a stream's bytes to the guest. It stops reading the stream while the guest has a window's
 * worth of unread bytes.
 */
export class InputForwarder {
  #inFlight = 0;

  constructor(
    private readonly link: NetworkLink,
    private readonly id: number,
    private readonly source: Readable,
    private readonly onEnd = () => link.send(Kind.END, id),
  ) {}

  start(): void {
    this.source.on("data", (bytes: Buffer) => {
      this.#inFlight += bytes.length;
      this.link.send(Kind.DATA, this.id, 0, bytes);
      if (this.#inFlight >= GUEST_WINDOW_BYTES) this.source.pause();
    });
    this.source.once("end", this.onEnd);
    this.source.resume();
  }

  /** Counts bytes that the guest has read, and reads on if the window has room again. */
  credit(bytes: number): void {
    this.#inFlight -= bytes;
    if (this.#inFlight < GUEST_WINDOW_BYTES && this.source.isPaused()) this.source.resume();
  }

  /**
   * Returns true if the guest has left bytes unread, apart from `uncredited` bytes, which it has
   * read without giving credit yet.
   */
  hasUnread(uncredited: number): boolean {
    return this.#inFlight > uncredited;
  }
}

/** Writes the guest's bytes to a stream. It gives credit for bytes that the OS has taken. */
export class OutputForwarder {
  #received = 0;
  #credited = 0;

  constructor(
    private readonly link: NetworkLink,
    private readonly id: number,
    private readonly target: Writable,
  ) {}

  /** Writes bytes, or drops them if the stream has ended. */
  write(bytes: Uint8Array): void {
    if (this.target.destroyed || this.target.writableEnded) return;
    this.#received += bytes.length;
    this.target.write(bytes, this.#onWritten);
  }

  readonly #onWritten = (): void => {
    const written = this.#received - this.target.writableLength;
    if (written - this.#credited < CREDIT_STEP_BYTES || this.target.destroyed) return;
    this.link.send(Kind.CREDIT, this.id, written - this.#credited);
    this.#credited = written;
  };
}
