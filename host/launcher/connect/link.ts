/** One connection to a server: lines in, lines out, and why it ended. It knows no line. */
import net from "node:net";
import { type Address, formatAddress } from "../base/config.js";
import { errnoOf, UserError } from "../base/errors.js";
import { LineSplitter } from "../guest/lines.js";

/** Until the other side has accepted. */
const CONNECT_WAIT_MS = 15_000;
/** Silence after which the system asks whether the other side is still there. */
const KEEPALIVE_MS = 30_000;
/** No object of a server is longer, in bytes. */
export const LINE_BYTES_MOST = 1024 * 1024;

export interface LinkEvents {
  /** The connection is there. */
  onOpen: () => void;
  /** @param error why there was no connection, or why it broke; undefined if the server ended it */
  onEnd: (error: UserError | undefined) => void;
}

export class Link {
  readonly socket: net.Socket;
  readonly #splitter = new LineSplitter(LINE_BYTES_MOST);
  readonly #where: string;
  #error: UserError | undefined;
  #isOpen = false;

  constructor(address: Address, events: LinkEvents) {
    this.#where = formatAddress(address.host, address.port);
    const timer = setTimeout(() => {
      this.fail(new UserError("E_CONNECT", `${this.#where} does not answer: is it the right one?`));
    }, CONNECT_WAIT_MS);
    this.socket = net.connect({
      ...address,
      ...{ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS },
    });
    this.socket.once("connect", () => {
      clearTimeout(timer);
      this.#isOpen = true;
      events.onOpen();
    });
    this.socket.on("error", (error) => (this.#error ??= this.#explained(error)));
    this.socket.once("close", () => {
      clearTimeout(timer);
      events.onEnd(this.#error);
    });
  }

  /** @returns the lines that are complete now @throws UserError for one that is too long */
  take(chunk: Buffer): string[] {
    const lines = this.#splitter.take(chunk);
    const long = lines.find((line) => Buffer.byteLength(line) > LINE_BYTES_MOST);
    if (long === undefined) return lines;
    const words = `${this.#where} has sent a line of more than ${LINE_BYTES_MOST} bytes`;
    throw new UserError("E_NOT_POLLCAST", words);
  }

  send(line: string): void {
    this.socket.write(`${line}\n`);
  }

  /** Ends it after what has been sent. */
  end(): void {
    this.socket.end();
  }

  /** Ends it at once, for this reason. */
  fail(error: UserError): void {
    this.#error ??= error;
    this.socket.destroy();
  }

  #explained(error: Error): UserError {
    const code = errnoOf(error);
    if (this.#isOpen) return new UserError("E_CONNECT", `the connection broke (${code})`);
    switch (code) {
      case "ECONNREFUSED":
        return new UserError(
          "E_CONNECT",
          `no server listens at ${this.#where}: start one with pollcast serve, or name another`,
        );
      case "ENOTFOUND":
      case "EAI_AGAIN":
        return new UserError(
          "E_HOST_UNKNOWN",
          `the name in ${this.#where} cannot be resolved: check it, or give an address`,
        );
      default:
        return new UserError("E_CONNECT", `${this.#where} cannot be reached (${code})`);
    }
  }
}
