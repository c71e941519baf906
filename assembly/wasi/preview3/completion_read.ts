/**
 * A read by completion, into a buffer of the caller's own; reading ahead (read_ahead.ts) makes
 * readiness of such reads. The buffer is the host's until the read is complete: then the bytes are
 * in it.
 */
import { countCall } from "../calls";
import { BADF } from "../errno";
import { Fd } from "../fd";
import { BLOCKED, countOf, Event, isDropped } from "./canonical";
import { Connection } from "./connection";
import { findOf, Kind } from "./table";
import { EventHandler } from "./waitables";

export abstract class CompletionRead extends EventHandler {
  private from: Connection | null = null;

  /** @param bytes how many are in the buffer; 0 at the end of the stream, and after a reset */
  abstract onComplete(bytes: u32): void;

  /**
   * Starts the read. Until it is complete, the connection must not be read in any other way.
   *
   * @param length of the buffer, in bytes
   * @returns 0, maybe after {@link onComplete} was called, or -BADF if `fd` is no connection
   */
  start(fd: Fd, buffer: usize, length: u32): i32 {
    const found = findOf(fd, Kind.CONNECTION);
    if (found === null) return -BADF;
    const from = changetype<Connection>(found);
    if (from.streamEnded) {
      this.onComplete(0);
      return 0;
    }
    this.from = from;
    countCall();
    const answer = from.startReadInto(buffer, length, this);
    if (answer != BLOCKED) this.finish(answer);
    return 0;
  }

  onEvent(_event: Event, payload: u32): void {
    this.finish(payload);
  }

  private finish(answer: u32): void {
    this.from!.finishReadInto(isDropped(answer));
    this.onComplete(countOf(answer));
  }
}
