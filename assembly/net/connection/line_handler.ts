/** What a connection tells whoever speaks with its peer. */
import { CloseReason } from "./close_reason";

export abstract class LineHandler {
  /**
   * A proxy, of which one was to come, has said where the peer is, or "". Called once, first; never
   * for a proxy that comes for itself and says nothing.
   */
  abstract onSource(address: string): void;
  /** A line has come: `length` bytes at `at`, good until this returns. */
  abstract onLine(at: usize, length: u32): void;
  /** The peer speaks another protocol, `HTTP`: it is closed next. Called at most once. */
  abstract onForeignProtocol(protocol: string): void;
  /** Telnet wants `length` bytes at `at` sent, good until this returns. */
  abstract onTelnet(at: usize, length: u32): void;
  /** The client has asked, by a command of telnet, whether the server is still there. */
  abstract onAreYouThere(): void;
  /** A line was longer than allowed and has been dropped. */
  abstract onLongLine(): void;
  /**
   * More lines come than are dealt with: from now on they wait. Called once for each flood.
   *
   * @param shared whether it is all from its address who send too much together
   */
  abstract onFlood(shared: bool): void;
  /** It has said nothing for so long that it will be closed in so many seconds. */
  abstract onIdle(secondsLeft: f64): void;
  /** It reads slowly: whoever speaks to it should wait a little. Called again while that is so. */
  abstract onBackpressure(): void;
  /**
   * The connection is being closed for `reason`, and hears no more than it has by now. Says nothing
   * to others. Called at most once; not if the socket has broken.
   *
   * @returns what to say to the peer, or null
   */
  abstract lastWords(reason: CloseReason): string | null;
  /** The last words are said: others may be told. Called once after {@link lastWords}. */
  abstract onLeft(): void;
  /** The connection is gone. Called once, last. */
  abstract onClosed(reason: CloseReason): void;
}
