/**
 * A broadcast group: the clients of a room with the same protocol. The messages and events of one
 * tick are written once, into a chunk that all of them share. At the end of the tick, each client
 * is sent the chunk from its offset on: a client that joined during the tick does not get the bytes
 * before that. So a broadcast costs one copy of the line and one send for each member, whatever the
 * number of lines is.
 */
import { Connection } from "../../net/connection/connection";
import { Chunk, CHUNK_BYTES, LARGE_CHUNK_BYTES } from "../../net/sending/chunk";
import { Recipients } from "../../net/sending/recipients";
import {
  BLOCKING_FLAGS_OF_ONE_CHUNK,
  BLOCKING_FLAGS_OF_SEVERAL_CHUNKS,
  NOT_OFFERED,
  SocketTable,
} from "../../net/sending/socket_table";
import { ChatEvent } from "../protocol/events";
import { Protocol } from "../protocol/protocol";
import { DeliveryRound, WrittenGroup } from "./delivery_round";
import { Message } from "./message";

/** At most this many groups have large chunks. @limit groups */
export const LARGE_CHUNKS_MOST: i32 = 16;
/**
 * A group that had more bytes than this in a tick gets a large chunk in the next one. @limit bytes
 */
export const LARGE_CHUNK_THRESHOLD: u32 = (CHUNK_BYTES / 4) * 3;

/** The membership of a client in a group. */
export class GroupMember {
  /** The client's group; null if it has none. */
  _group: BroadcastGroup | null = null;
  /** The client's index in the group. */
  _index: i32 = -1;

  constructor(public connection: Connection) {}

  /**
   * Queues what the group has written in this tick for the client, so that later bytes follow it.
   */
  queueWritten(): void {
    const group = this._group;
    if (group !== null) group.queueWrittenFor(this);
  }

  /** Leaves out what the group has just written. Call {@link queueWritten} before it is written. */
  skipWritten(): void {
    const group = this._group;
    if (group !== null) group.skipFor(this);
  }
}

export class BroadcastGroup implements WrittenGroup {
  /** The number of members. */
  size: i32 = 0;
  private members: Array<GroupMember> = [];
  /**
   * For each member, by its index: its socket, and the offset in the chunk from which on it gets
   * the bytes.
   */
  private recipients: Recipients = new Recipients();
  /** The chunk of this tick, or null. */
  private chunk: Chunk | null = null;
  /** True if the last chunk was mostly full: a byte costs less in a longer send. */
  private wantsLargeChunk: bool = false;

  constructor(
    public protocol: Protocol,
    private round: DeliveryRound,
  ) {}

  memberAt(index: i32): GroupMember {
    return this.members[index];
  }

  /** Adds a member. It gets what is written from now on. */
  addMember(member: GroupMember): void {
    assert(member._group === null, "a member joins twice");
    member._group = this;
    member._index = this.members.length;
    this.members.push(member);
    this.recipients.add(member.connection.outbox.place, this.writtenBytes);
    this.size++;
  }

  /** Removes a member. It still gets what was written until now. */
  removeMember(member: GroupMember): void {
    if (member._group !== this) return;
    this.queueWrittenFor(member);
    this.size--;
    this.recipients.remove(member._index);
    const last = this.members.pop();
    if (last !== member) {
      last._index = member._index;
      this.members[member._index] = last;
    }
    member._group = null;
  }

  /** Queues what was written for a member, so that later bytes follow it. */
  queueWrittenFor(member: GroupMember): void {
    const chunk = this.chunk;
    if (chunk === null) return;
    const recipient = this.recipients.entryAt(member._index);
    member.connection.queueBytes(chunk, recipient.from, chunk.length);
    recipient.from = chunk.length;
  }

  /** Makes a member miss all bytes that are in the chunk now. */
  skipFor(member: GroupMember): void {
    this.recipients.entryAt(member._index).from = this.writtenBytes;
  }

  /** Writes a message for all members. */
  writeMessage(message: Message): void {
    this.round.messagesWritten++;
    const chunk = this.prepareChunk(this.protocol.mostBytes(message));
    chunk.addWritten(this.protocol.writeMessage(chunk.endAddress, message, false));
  }

  /** Writes an event for all members. */
  writeEvent(event: ChatEvent): void {
    const text = this.protocol.render(event);
    const chunk = this.prepareChunk(<u32>String.UTF8.byteLength(text));
    chunk.addWritten(
      <u32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, chunk.endAddress),
    );
  }

  /**
   * Returns a chunk with room for `bytes` bytes. {@link Chunk.addWritten} then says how many were
   * written.
   */
  prepareChunk(bytes: u32): Chunk {
    const chunk = this.chunk;
    if (chunk !== null && chunk.bytesLeft >= bytes) return chunk;
    // The full chunk is sent at once, so that a tick holds one chunk of each group at most.
    if (chunk !== null) this.round.sendWritten();
    return this.beginChunk(bytes);
  }

  /** Begins the chunk of this tick, with room for at least `bytes` bytes. */
  private beginChunk(bytes: u32): Chunk {
    this.round.addWritten(this);
    const wantsLargeChunk = this.wantsLargeChunk && this.round.writtenCount <= LARGE_CHUNKS_MOST;
    const chunk =
      wantsLargeChunk && bytes <= LARGE_CHUNK_BYTES ? Chunk.takeLarge() : Chunk.atLeast(bytes);
    this.chunk = chunk;
    return chunk;
  }

  deliverChunk(isOnly: bool): Chunk {
    const chunk = this.chunk!;
    this.chunk = null;
    const address = chunk.addressOf(0);
    const bytes = chunk.length;
    this.wantsLargeChunk = bytes > LARGE_CHUNK_THRESHOLD;
    if (bytes == 0) return chunk;
    const recipients = this.recipients;
    const flags = isOnly ? BLOCKING_FLAGS_OF_ONE_CHUNK : BLOCKING_FLAGS_OF_SEVERAL_CHUNKS;
    for (let i = 0; i < this.size; i++) {
      const recipient = recipients.entryAt(i);
      const from = recipient.from;
      recipient.from = 0;
      if (from == bytes) continue;
      const place = recipient.place;
      const sent = SocketTable.sendDirectly(place, address + from, bytes - from, flags);
      if (<u32>sent == bytes - from) continue;
      const connection = unchecked(this.members[i]).connection;
      if (sent == NOT_OFFERED) connection.queueBytes(chunk, from, bytes);
      else connection.noteDirectSend(chunk, from, bytes, sent);
    }
    return chunk;
  }

  /** The number of bytes written in this tick. */
  private get writtenBytes(): u32 {
    const chunk = this.chunk;
    return chunk === null ? 0 : chunk.length;
  }
}
