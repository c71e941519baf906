/**
 * One connection in the main thread. It waits until the guest accepts it; then bytes flow; then it
 * closes.
 */
import type net from "node:net";
import { Errno } from "../abi.js";
import { InputForwarder, OutputForwarder } from "./forwarders.js";
import type { NetworkLink } from "./network_link.js";
import { Kind } from "./protocol.js";

/**
 * The time in milliseconds in which a connection that the guest has closed can send its last bytes.
 * After it, the connection is reset. The OS gives a closed socket such a time as well.
 */
export const LAST_BYTES_MS = 60_000;

/** Node's error codes as preview1's errnos. Any other code becomes CONNRESET. */
const ERRNO_OF: Readonly<Record<string, number>> = {
  EPIPE: Errno.PIPE,
  ECONNRESET: Errno.CONNRESET,
  ETIMEDOUT: 73,
};

const NOTHING = new Uint8Array(0);

/** A socket with its two forwarders. */
export class NetworkConnection {
  readonly #input: InputForwarder;
  readonly #output: OutputForwarder;
  /** True after the guest has closed the connection. */
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

  /** Handles ACCEPTED: begins to read the socket. */
  accepted(): void {
    this.#input.start();
  }

  /** Handles DATA: writes bytes of the guest to the socket. */
  received(bytes: Uint8Array): void {
    this.#output.write(bytes);
  }

  credit(bytes: number): void {
    this.#input.credit(bytes);
  }

  /** Handles END: the guest sends no more. */
  end(): void {
    this.socket.end();
  }

  /**
   * Closes the connection as close(2) does: a reset if bytes are unread, else the last bytes and
   * the end.
   *
   * @param uncredited the value of CLOSED, in bytes
   */
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
   * Tells the guest that the stream has ended, unless it was reset. Node emits "end" also for a
   * reset that arrived together with the last bytes. An empty write tells the two apart, as it
   * fails with the kernel's error: ECONNRESET for a reset alone, EPIPE for a reset that arrived
   * after an end.
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
