/**
 * Those who hear the same words in the same style. What is said to them during one tick is written
 * once, to a chunk that all of them share; at the end of the tick each is owed that stretch of it
 * which it has not been given yet. So a broadcast costs one copy of the line and one append for
 * each member, however many lines there were.
 */
import { Chunk, CHUNK_BYTES, LARGE_CHUNK_BYTES } from "../../net/sending/chunk";
import { Recipients } from "../../net/sending/recipients";
import { NOT_OFFERED, SocketTable } from "../../net/sending/socket_table";
import { Session } from "../session/session";
import { DeliveryRound, WrittenGroup } from "./delivery_round";

/** At most this many groups have large chunks. @limit groups */
export const LARGE_CHUNKS_MOST: i32 = 16;
/** A group that was told more than this in a tick gets a large chunk the next time. @limit bytes */
export const LARGE_CHUNK_THRESHOLD: u32 = (CHUNK_BYTES / 4) * 3;

export class BroadcastGroup implements WrittenGroup {
  /** How many there are. */
  size: i32 = 0;
  private members: Array<Session> = [];
  /** Their sockets, and what each has been given of the chunk, at the same indices. */
  private recipients: Recipients = new Recipients();
  /** What is being said in this tick. */
  private chunk: Chunk | null = null;
  /** Whether much was said the last time: a byte costs less in a send that has many. */
  private wantsLargeChunk: bool = false;

  constructor(private round: DeliveryRound) {}

  get(index: i32): Session {
    return this.members[index];
  }

  /** From now on this session hears what is said. */
  join(session: Session): void {
    assert(session._group === null, "a session joins twice");
    session._group = this;
    session._place = this.members.length;
    this.members.push(session);
    this.recipients.add(session.connection.outbox.place, this.writtenBytes);
    this.size++;
  }

  /** This session has heard enough; what was said until now is still owed to it. */
  leave(session: Session): void {
    if (session._group !== this) return;
    this.catchUp(session);
    this.size--;
    this.recipients.remove(session._place);
    const last = this.members.pop();
    if (last !== session) {
      last._place = session._place;
      this.members[session._place] = last;
    }
    session._group = null;
  }

  /** Owes a member what has been said, so that what comes next stands after it. */
  catchUp(session: Session): void {
    const chunk = this.chunk;
    if (chunk === null) return;
    session.connection.send(chunk, this.recipients.given(session._place), chunk.length);
    this.recipients.setGiven(session._place, chunk.length);
  }

  /**
   * Where the next `bytes` bytes that everybody is to hear can be written; {@link Chunk.wrote}
   * then says how many there were.
   */
  writer(bytes: u32): Chunk {
    const chunk = this.chunk;
    if (chunk !== null && chunk.left >= bytes) return chunk;
    // Sent straight away, so that a tick holds one chunk of each group and not all of its words.
    if (chunk !== null) this.round.sendWritten();
    return this.begin(bytes);
  }

  /** Begins to say something in this tick, at first `bytes` bytes at most. */
  private begin(bytes: u32): Chunk {
    this.round.addWritten(this);
    const wantsLargeChunk = this.wantsLargeChunk && this.round.writtenCount <= LARGE_CHUNKS_MOST;
    const chunk =
      wantsLargeChunk && bytes <= LARGE_CHUNK_BYTES ? Chunk.takeLarge() : Chunk.atLeast(bytes);
    this.chunk = chunk;
    return chunk;
  }

  deliverChunk(): Chunk {
    const chunk = this.chunk!;
    this.chunk = null;
    const address = chunk.at(0);
    const bytes = chunk.length;
    this.wantsLargeChunk = bytes > LARGE_CHUNK_THRESHOLD;
    if (bytes == 0) return chunk;
    const recipients = this.recipients;
    for (let i = 0; i < this.size; i++) {
      const from = recipients.given(i);
      recipients.setGiven(i, 0);
      if (from == bytes) continue;
      const sent = SocketTable.sendDirectly(recipients.place(i), address + from, bytes - from);
      if (<u32>sent == bytes - from) continue;
      const connection = unchecked(this.members[i]).connection;
      if (sent == NOT_OFFERED) connection.send(chunk, from, bytes);
      else connection.took(chunk, from, bytes, sent);
    }
    return chunk;
  }

  /** Bytes said in this tick. */
  private get writtenBytes(): u32 {
    const chunk = this.chunk;
    return chunk === null ? 0 : chunk.length;
  }
}
