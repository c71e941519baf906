/**
 * The sends at the end of a tick. A delivery round knows the groups that were written to in this
 * tick. It hands each of them its chance to deliver, and lets go of the chunks once they are sent.
 */
import { ConnectionSet } from "../../net/connection/connection_set";
import { Chunk, finish } from "../../net/sending/chunk";

/** A dispatch ends when its tick has written to so many groups. @limit groups */
export const DISPATCH_GROUPS_MOST: i32 = 256;
/** One handler writes to so many groups before they are sent what was said. @limit groups */
export const WRITTEN_GROUPS_MOST: i32 = 512;

/** A group that was written to, as the round sees it. */
export interface WrittenGroup {
  /** Sends each member what it has not been given. @returns the chunk; the round releases it */
  deliverChunk(): Chunk;
}

export class DeliveryRound {
  private written: Array<WrittenGroup> = [];
  private delivered: Array<Chunk> = [];

  constructor(private connections: ConnectionSet) {}

  /** Groups that were written to and have not been delivered yet. */
  get writtenCount(): i32 {
    return this.written.length;
  }

  /** Adds a group that begins a chunk. Sends first if the tick holds the words of too many. */
  addWritten(group: WrittenGroup): void {
    if (this.written.length >= DISPATCH_GROUPS_MOST) this.connections.loop.endDispatch();
    if (this.written.length >= WRITTEN_GROUPS_MOST) this.sendWritten();
    this.written.push(group);
  }

  /** Delivers and sends what has been said, as far as the sockets take it. */
  sendWritten(): void {
    this.deliverWritten();
    this.connections.flush();
    this.releaseDelivered();
  }

  /**
   * Does the same between two ticks, and closes and frees connections. A close may be announced:
   * that is delivered in turn.
   */
  endTick(): void {
    do {
      do {
        this.deliverWritten();
        this.connections.turn();
      } while (this.written.length > 0);
      this.releaseDelivered();
      this.connections.tidy();
    } while (this.connections.relieve());
  }

  private deliverWritten(): void {
    if (this.written.length > 0) this.connections.prepare();
    // A delivery says nothing, so the list does not grow meanwhile.
    for (let i = 0; i < this.written.length; i++) {
      this.delivered.push(this.written[i].deliverChunk());
    }
    this.written.length = 0;
  }

  private releaseDelivered(): void {
    for (let i = 0; i < this.delivered.length; i++) finish(this.delivered[i]);
    this.delivered.length = 0;
  }
}
