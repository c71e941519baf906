/** What a connection tells whoever speaks with its peer. */
import { CloseReason } from "./close_reason";

export abstract class LineHandler {
  /** A proxy, of which one was to come, has said where the peer is, or "". Called once, first. */
  abstract onSource(address: string): void;
  /** A line has come: `length` bytes at `at`, good until this returns. */
  abstract onLine(at: usize, length: u32): void;
  /** A line was longer than allowed and has been dropped. */
  abstract onLongLine(): void;
  /** More lines come than are dealt with: from now on they wait. Called once for each flood. */
  abstract onFlood(): void;
  /** What to say to a peer that is closed for `reason`, or null. Called once. */
  abstract lastWords(reason: CloseReason): string | null;
  /** The connection is gone. Called once, last. */
  abstract onClosed(reason: CloseReason): void;
}
