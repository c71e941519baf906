/**
 * A read into a buffer of the caller's own: completion, where reading ahead makes readiness. The
 * buffer is the host's until the read is over; then the bytes are in it already.
 */
import { countCall } from "../calls";
import { BADF } from "../errno";
import { Fd } from "../fd";
import { BLOCKED, countOf, Event, isDropped } from "./canonical";
import { Connection } from "./connection";
import { findOf, Kind } from "./table";
import { Owner } from "./waitables";

export abstract class HandedRead extends Owner {
  private from: Connection | null = null;

  /** It is over. @param bytes how many are in the buffer; 0 at the end, also at a reset's */
  abstract isOver(bytes: u32): void;

  /**
   * Hands a buffer over to the host. The connection must not be read in any other way.
   *
   * @returns 0, maybe after {@link isOver} was told, or -BADF
   */
  start(fd: Fd, buffer: usize, length: u32): i32 {
    const found = findOf(fd, Kind.CONNECTION);
    if (found === null) return -BADF;
    const from = changetype<Connection>(found);
    if (from.isAtEnd) {
      this.isOver(0);
      return 0;
    }
    this.from = from;
    countCall();
    const answer = from.handOver(buffer, length, this);
    if (answer != BLOCKED) this.arrived(answer);
    return 0;
  }

  onEvent(_event: Event, payload: u32): void {
    this.arrived(payload);
  }

  private arrived(answer: u32): void {
    this.from!.handBack(isDropped(answer));
    this.isOver(countOf(answer));
  }
}
