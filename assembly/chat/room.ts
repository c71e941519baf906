/**
 * Whom a line goes to. What is said in a room during one tick is written once, to a chunk that all
 * members share; at the end of the tick each member is owed that stretch of it which it has not
 * been given yet. So a broadcast costs one copy of the line and one append for each member,
 * however many lines there were.
 */
import { Chunk, finish } from "../net/chunk";
import { ConnectionSet } from "../net/connection_set";
import { Session } from "./session";

export class Room {
  private members: Array<Session> = [];
  /** What is being said in this tick. */
  private chunk: Chunk | null = null;
  /** Delivered, and maybe not sent yet. */
  private delivered: Array<Chunk> = [];

  constructor(private connections: ConnectionSet) {}

  get size(): i32 {
    return this.members.length;
  }

  /** From now on this session hears what is said. */
  join(session: Session): void {
    assert(session._place < 0, "a session joins twice");
    session._place = this.members.length;
    session._heard = this.said;
    this.members.push(session);
  }

  /** This session has heard enough; what was said until now is still owed to it. */
  leave(session: Session): void {
    if (session._place < 0) return;
    this.catchUp(session);
    const last = this.members.pop();
    if (last !== session) {
      last._place = session._place;
      this.members[session._place] = last;
    }
    session._place = -1;
  }

  /** Owes a session what has been said, so that what comes next stands after it. */
  catchUp(session: Session): void {
    const chunk = this.chunk;
    if (chunk === null || session._place < 0) return;
    session.connection.send(chunk, session._heard, chunk.length);
    session._heard = chunk.length;
  }

  /**
   * Where the next `bytes` bytes that everybody is to hear can be written; {@link Chunk.wrote}
   * then says how many there were.
   */
  writer(bytes: u32): Chunk {
    let chunk = this.chunk;
    if (chunk !== null && chunk.left < bytes) {
      // Sent straight away, so that a tick holds one chunk a room and not all that was said in it.
      this.deliver();
      this.connections.flush();
      this.settle();
      chunk = null;
    }
    if (chunk === null) {
      chunk = Chunk.take();
      this.chunk = chunk;
    }
    return chunk;
  }

  /** Owes every member what it has not been given yet, and begins anew. */
  deliver(): void {
    const chunk = this.chunk;
    if (chunk === null) return;
    this.chunk = null;
    for (let i = 0; i < this.members.length; i++) {
      const session = this.members[i];
      session.connection.send(chunk, session._heard, chunk.length);
      session._heard = 0;
    }
    this.delivered.push(chunk);
  }

  /** Lets go of what has been delivered; to be called once it has been sent. */
  settle(): void {
    for (let i = 0; i < this.delivered.length; i++) finish(this.delivered[i]);
    this.delivered.length = 0;
  }

  /** Bytes said in this tick. */
  private get said(): u32 {
    const chunk = this.chunk;
    return chunk === null ? 0 : chunk.length;
  }
}
