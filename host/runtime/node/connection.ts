/** One socket, for a guest: it waits until it is accepted, then bytes flow, then it closes. */
import type net from "node:net";
import { Errno } from "../abi.js";
import { InputForwarder, OutputForwarder } from "./forwarders.js";
import type { NetworkLink } from "./network_link.js";
import { Kind } from "./protocol.js";

/**
 * Time for a closed connection to send its last bytes, as the kernel gives it to one that a program
 * has closed; then the connection is reset.
 */
export const LAST_BYTES_MS = 60_000;

/** preview1 has no other name for what Node calls the others. */
const ERRNO_OF: Readonly<Record<string, number>> = {
  EPIPE: Errno.PIPE,
  ECONNRESET: Errno.CONNRESET,
  ETIMEDOUT: 73,
};

const NOTHING = new Uint8Array(0);

export class NetworkConnection {
  readonly #input: InputForwarder;
  readonly #output: OutputForwarder;
  /** The guest has let go of it. */
  #closed = false;

  constructor(
    private readonly link: NetworkLink,
    private readonly id: number,
    readonly socket: net.Socket,
  ) {
    this.#input = new InputForwarder(link, id, socket, () => this.#onEnd());
    this.#output = new OutputForwarder(link, id, socket);
    socket.on("error", (error: NodeJS.ErrnoException) => this.#onError(error.code));
  }

  /** The guest has taken it. */
  accepted(): void {
    this.#input.start();
  }

  received(bytes: Uint8Array): void {
    this.#output.write(bytes);
  }

  credit(bytes: number): void {
    this.#input.credit(bytes);
  }

  /** The guest says no more. */
  end(): void {
    this.socket.end();
  }

  /** As close(2): with unread bytes a reset, otherwise the last bytes and the end. */
  close(uncredited: number): void {
    this.#closed = true;
    const { socket } = this;
    if (this.#input.hasUnread(uncredited)) {
      socket.resetAndDestroy();
      return;
    }
    socket.pause();
    const timer = setTimeout(() => socket.resetAndDestroy(), LAST_BYTES_MS);
    socket.once("close", () => clearTimeout(timer));
    socket.destroySoon();
  }

  /**
   * Node says "end" also of a reset that came together with the last bytes. A write of nothing
   * tells them apart, as it fails with what the kernel knows: ECONNRESET if there was no end, and
   * EPIPE if the reset came after one.
   */
  #onEnd(): void {
    const { socket } = this;
    if (socket.writableEnded || socket.writableLength > 0) {
      this.link.send(Kind.END, this.id);
      return;
    }
    socket.write(NOTHING, (error?: NodeJS.ErrnoException | null) => {
      if (error?.code !== "ECONNRESET") this.link.send(Kind.END, this.id);
    });
  }

  #onError(code = ""): void {
    if (!this.#closed) this.link.send(Kind.BROKEN, this.id, ERRNO_OF[code] ?? Errno.CONNRESET);
  }
}
