/**
 * A read by completion, into the caller's own buffer. The host owns the buffer until the read is
 * complete. read_ahead.ts, in contrast, makes readiness out of such reads.
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

  /**
   * Handles the completion.
   *
   * @param bytes the bytes now in the buffer; 0 at the end of the stream and after a reset
   */
  abstract onComplete(bytes: u32): void;

  /**
   * Starts the read. Until it is complete, nothing else may read the connection.
   *
   * @param length the capacity of the buffer in bytes
   * @returns 0, maybe after a call of {@link onComplete}; -BADF if `fd` is no connection
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
