/**
 * The delivery round, which sends at the end of a tick. It knows the groups that were written to in
 * this tick, makes each of them deliver, and releases their chunks once these are sent.
 */
import { ConnectionSet } from "../../net/connection/connection_set";
import { Chunk, finishChunk } from "../../net/sending/chunk";

/** A dispatch ends when its tick has written to this many groups. @limit groups */
export const DISPATCH_GROUPS_MOST: i32 = 256;
/** One handler writes to at most this many groups before their bytes are sent. @limit groups */
export const WRITTEN_GROUPS_MOST: i32 = 512;

/** A group with unsent bytes, as the round sees it. */
export interface WrittenGroup {
  /**
   * Sends each member the bytes that it has not been given.
   *
   * @param isOnly true if no other group delivers in this round
   * @returns the chunk; the round releases it
   */
  deliverChunk(isOnly: bool): Chunk;
}

export class DeliveryRound {
  /** The number of times that a message was written: once for each group with a member. */
  messagesWritten: u64 = 0;
  private written: Array<WrittenGroup> = [];
  private delivered: Array<Chunk> = [];

  constructor(private connections: ConnectionSet) {}

  /** The number of groups that were written to and have not delivered yet. */
  get writtenCount(): i32 {
    return this.written.length;
  }

  /** Adds a group that begins a chunk. Sends first if too many groups wait. */
  addWritten(group: WrittenGroup): void {
    if (this.written.length >= DISPATCH_GROUPS_MOST) this.connections.loop.endDispatch();
    if (this.written.length >= WRITTEN_GROUPS_MOST) this.sendWritten();
    this.written.push(group);
  }

  /** Delivers and sends all written bytes, as far as the sockets take them. */
  sendWritten(): void {
    this.deliverWritten();
    this.connections.flush();
    this.releaseDelivered();
  }

  /**
   * Ends a tick: delivers and sends all written bytes, then closes and frees connections. The
   * announcement of a close writes again, so this repeats until nothing is left.
   */
  endTick(): void {
    do {
      do {
        this.deliverWritten();
        this.connections.finishTick();
      } while (this.written.length > 0);
      this.releaseDelivered();
      this.connections.tidyOutboxes();
    } while (this.connections.relieveMemory());
  }

  private deliverWritten(): void {
    if (this.written.length > 0) this.connections.runBeforeSending();
    const isOnly = this.written.length == 1;
    // A delivery writes nothing, so the list does not grow meanwhile.
    for (let i = 0; i < this.written.length; i++) {
      this.delivered.push(this.written[i].deliverChunk(isOnly));
    }
    this.written.length = 0;
  }

  private releaseDelivered(): void {
    for (let i = 0; i < this.delivered.length; i++) finishChunk(this.delivered[i]);
    this.delivered.length = 0;
  }
}
