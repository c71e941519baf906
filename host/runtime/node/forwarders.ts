/** Node's streams at either end of a link: bytes to the guest, bytes from it, and their windows. */
import type { Readable, Writable } from "node:stream";
import type { NetworkLink } from "./network_link.js";
import { CREDIT_STEP_BYTES, Kind, GUEST_WINDOW_BYTES } from "./protocol.js";

/** What comes in goes to the guest; while it has a window's worth unread, nothing is read. */
export class InputForwarder {
  #underWay = 0;

  constructor(
    private readonly link: NetworkLink,
    private readonly id: number,
    private readonly source: Readable,
    private readonly onEnd = () => link.send(Kind.END, id),
  ) {}

  start(): void {
    this.source.on("data", (bytes: Buffer) => {
      this.#underWay += bytes.length;
      this.link.send(Kind.DATA, this.id, 0, bytes);
      if (this.#underWay >= GUEST_WINDOW_BYTES) this.source.pause();
    });
    this.source.once("end", this.onEnd);
    this.source.resume();
  }

  credit(bytes: number): void {
    this.#underWay -= bytes;
    if (this.#underWay < GUEST_WINDOW_BYTES && this.source.isPaused()) this.source.resume();
  }

  /** Whether bytes are unread once so many more are counted as read. */
  hasUnread(beyond: number): boolean {
    return this.#underWay > beyond;
  }
}

/** What the guest says goes out; it gets credit for what the kernel has taken. */
export class OutputForwarder {
  #received = 0;
  #credited = 0;

  constructor(
    private readonly link: NetworkLink,
    private readonly id: number,
    private readonly target: Writable,
  ) {}

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
