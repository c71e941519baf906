/** The events of a connection, for the code that talks to its client. */
import { CloseReason } from "./close_reason";
import { ConnectionLimits } from "./connection_limits";

export abstract class LineHandler {
  /**
   * Reports the client's address from a PROXY header, or "" if the header has none. Called once,
   * before all others, if a header was expected; not for a proxy that connects for itself and sends
   * nothing more.
   */
  abstract onSource(address: string): void;
  /** Handles a line of `length` bytes at `at`, which are valid until this returns. */
  abstract onLine(at: usize, length: u32): void;
  /** Returns the most bytes of a line, without its newline. */
  lineBytesMost(limits: ConnectionLimits): u32 {
    return limits.lineBytes;
  }

  /** True if people may type the lines: then telnet and erased characters are understood. */
  get isTyped(): bool {
    return true;
  }

  /** Returns true if a peer may speak this protocol, such as `IRC`. */
  acceptsProtocol(_protocol: string): bool {
    return false;
  }

  /**
   * Reports that the peer speaks another protocol, such as `HTTP`. It is closed next. Called at
   * most once.
   */
  abstract onForeignProtocol(protocol: string): void;
  /** Sends `length` bytes of telnet at `at` to the client. They are valid until this returns. */
  abstract onTelnet(at: usize, length: u32): void;
  /** Answers the telnet command ARE YOU THERE. */
  abstract onAreYouThere(): void;
  /** Reports that a line was longer than allowed and was dropped. */
  abstract onLongLine(): void;
  /**
   * Reports that the client exceeds its rate limit: from now on its lines wait. Called once for
   * each flood.
   *
   * @param shared true if the limit of its address is exceeded, not its own
   */
  abstract onFlood(shared: bool): void;
  /** Warns that the client was silent, and will be closed in `secondsLeft` seconds. */
  abstract onIdle(secondsLeft: f64): void;
  /**
   * Reports that the client reads slowly: clients that send to it should be throttled. Called again
   * and again while it reads slowly.
   */
  abstract onBackpressure(): void;
  /**
   * Returns the last text for the peer, or null, when the connection is being closed for `reason`.
   * Must not send to other clients. Called at most once; not if the socket is broken.
   */
  abstract lastWords(reason: CloseReason): string | null;
  /** Announces the departure to other clients. Called once after {@link lastWords}. */
  abstract onLeft(): void;
  /** Handles the end of the connection. Called once, as the last method. */
  abstract onClosed(reason: CloseReason): void;
}
