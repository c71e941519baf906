/** One connection to a server, as a stream of lines. This file does not know what a line means. */
import net from "node:net";
import { type Address, formatAddress } from "../base/config.js";
import { errnoOf, UserError } from "../base/errors.js";
import { LineSplitter } from "../guest/lines.js";

/** The longest wait until the server has accepted the connection. */
const CONNECT_WAIT_MS = 15_000;
/** The silence after which the OS sends a TCP keepalive. */
const KEEPALIVE_MS = 30_000;
/** The longest line that is accepted, in bytes. No object of a pollcast server is longer. */
export const LINE_BYTES_MOST = 1024 * 1024;

export interface LinkEvents {
  /** Reports that the connection is established. */
  onOpen: () => void;
  /**
   * Reports the end of the connection, or that it could not be established.
   *
   * @param error undefined if the server ended it
   */
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

  /** Adds bytes. @returns the lines that they complete @throws UserError if a line is too long */
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

  /** Ends the connection after the bytes that are still to be sent. */
  end(): void {
    this.socket.end();
  }

  /** Ends the connection at once, with an error. */
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
