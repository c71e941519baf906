/**
 * The clients of a room that have the same protocol. What is said to them during one tick is
 * written once, to a chunk that all of them share; at the end of the tick each is sent that part of
 * it which it has not been given yet. So a broadcast costs one copy of the line and one send for
 * each member, however many lines there were.
 */
import { Connection } from "../../net/connection/connection";
import { Chunk, CHUNK_BYTES, LARGE_CHUNK_BYTES } from "../../net/sending/chunk";
import { Recipients } from "../../net/sending/recipients";
import { NOT_OFFERED, SocketTable } from "../../net/sending/socket_table";
import { ChatEvent } from "../protocol/events";
import { Protocol } from "../protocol/protocol";
import { DeliveryRound, WrittenGroup } from "./delivery_round";
import { Message } from "./message";

/** At most this many groups have large chunks. @limit groups */
export const LARGE_CHUNKS_MOST: i32 = 16;
/** A group that was told more than this in a tick gets a large chunk the next time. @limit bytes */
export const LARGE_CHUNK_THRESHOLD: u32 = (CHUNK_BYTES / 4) * 3;

/** A client as a group knows it. */
export class GroupMember {
  /** The group that it is in; null if it is in none. */
  _group: BroadcastGroup | null = null;
  /** Its index there. */
  _index: i32 = -1;

  constructor(public connection: Connection) {}

  /** Owes the client what its group has been told in this tick, so that what comes next follows. */
  catchUp(): void {
    const group = this._group;
    if (group !== null) group.catchUpMember(this);
  }
}

export class BroadcastGroup implements WrittenGroup {
  /** Members. */
  size: i32 = 0;
  private members: Array<GroupMember> = [];
  /** Their sockets, and what each has been given of the chunk, at the same indices. */
  private recipients: Recipients = new Recipients();
  /** What is being said in this tick. */
  private chunk: Chunk | null = null;
  /** Whether much was said the last time: a byte costs less in a send that has many. */
  private wantsLargeChunk: bool = false;

  constructor(
    public protocol: Protocol,
    private round: DeliveryRound,
  ) {}

  memberAt(index: i32): GroupMember {
    return this.members[index];
  }

  /** From now on this member is sent what is written. */
  addMember(member: GroupMember): void {
    assert(member._group === null, "a member joins twice");
    member._group = this;
    member._index = this.members.length;
    this.members.push(member);
    this.recipients.add(member.connection.outbox.place, this.writtenBytes);
    this.size++;
  }

  /** This member is sent what was written until now, and no more. */
  removeMember(member: GroupMember): void {
    if (member._group !== this) return;
    this.catchUpMember(member);
    this.size--;
    this.recipients.remove(member._index);
    const last = this.members.pop();
    if (last !== member) {
      last._index = member._index;
      this.members[member._index] = last;
    }
    member._group = null;
  }

  /** Owes a member what has been written, so that what comes next stands after it. */
  catchUpMember(member: GroupMember): void {
    const chunk = this.chunk;
    if (chunk === null) return;
    member.connection.send(chunk, this.recipients.given(member._index), chunk.length);
    this.recipients.setGiven(member._index, chunk.length);
  }

  /** Writes a message for all members. */
  writeMessage(message: Message): void {
    const chunk = this.prepareChunk(this.protocol.mostBytes(message));
    chunk.wrote(this.protocol.writeMessage(chunk.end, message, false));
  }

  /** Writes an event for all members. */
  writeEvent(event: ChatEvent): void {
    const text = this.protocol.render(event);
    const chunk = this.prepareChunk(<u32>String.UTF8.byteLength(text));
    chunk.wrote(<u32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, chunk.end));
  }

  /** @returns a chunk with room for so many bytes; {@link Chunk.wrote} says how many there were */
  prepareChunk(bytes: u32): Chunk {
    const chunk = this.chunk;
    if (chunk !== null && chunk.left >= bytes) return chunk;
    // Sent straight away, so that a tick holds one chunk of each group and not all of its words.
    if (chunk !== null) this.round.sendWritten();
    return this.beginChunk(bytes);
  }

  /** Begins the chunk of this tick, for at first `bytes` bytes at most. */
  private beginChunk(bytes: u32): Chunk {
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

  /** Bytes written in this tick. */
  private get writtenBytes(): u32 {
    const chunk = this.chunk;
    return chunk === null ? 0 : chunk.length;
  }
}
