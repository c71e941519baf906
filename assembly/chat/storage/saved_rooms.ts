/**
 * The rooms in the journal, except their messages: topics, how far back histories go, and details.
 *
 *   ROOM     the newest forgotten id u64, length of the name u32, name, topic
 *   DETAILS  time of the topic i64, length of the name u32, name, 1 or 0: private u8, its author
 *
 * A room is private if not all users may enter it or learn of it. Its modes end with the server.
 * So a start removes it, as a server does when the room becomes empty: all could read it.
 */
import { Journal } from "../../journal/journal";
import { Room } from "../rooms/room";
import { RoomRegistry } from "../rooms/room_registry";
import {
  NAME_BYTES_MOST,
  readRoomName,
  RecordType,
  ROOM_HEADER_BYTES,
  roomNameBytes,
  writeName,
  writeRoom,
} from "./record";
import { RoomLookup } from "./room_lookup";
import { checkedId, checkedSeconds, isName, safeTopic } from "./untrusted";

/** The mode that stands for all that make a room private. */
const SECRET = "s";

export class SavedRooms {
  /**
   * The rooms of which the last segment read so far has a ROOM record, which says how far back
   * their histories go. Of other rooms, deleted segments may have had messages.
   */
  private inSegment: Set<Room> = new Set();

  constructor(
    private rooms: RoomRegistry,
    private journal: Journal,
  ) {}

  /** Writes the topic of a room, and its details. */
  write(room: Room): void {
    const topicBytes = <u32>String.UTF8.byteLength(room.topic);
    const at = this.journal.payload(ROOM_HEADER_BYTES + NAME_BYTES_MOST + topicBytes);
    const bytes = writeRoom(at, room);
    String.UTF8.encodeUnsafe(changetype<usize>(room.topic), room.topic.length, at + bytes);
    this.journal.seal(RecordType.ROOM, bytes + topicBytes, 0);
    this.writeDetails(room);
  }

  /** Writes the details of a room. */
  writeDetails(room: Room): void {
    const author = room.topicAuthor;
    const authorBytes = <u32>String.UTF8.byteLength(author);
    const at = this.journal.payload(ROOM_HEADER_BYTES + NAME_BYTES_MOST + 1 + authorBytes);
    const bytes = writeName(at, <u64>room.topicSetAt, room.nameBytes);
    store<u8>(at + bytes, room.modes.isPrivate ? 1 : 0);
    String.UTF8.encodeUnsafe(changetype<usize>(author), author.length, at + bytes + 1);
    this.journal.seal(RecordType.DETAILS, bytes + 1 + authorBytes, 0);
  }

  /** Writes all rooms that a start needs: those with a topic, messages or users. */
  writeAll(): void {
    const rooms = this.rooms.all();
    for (let i = 0; i < rooms.length; i++) {
      const room = rooms[i];
      if (!room.isUnused) this.write(room);
      else if (room.size > 0) this.writeDetails(room);
    }
  }

  /** Begins a segment: the next records are from it. */
  onSegment(): void {
    this.inSegment.clear();
  }

  /** Reads a ROOM record. */
  read(at: usize, length: u32, lookup: RoomLookup): void {
    const bytes = roomNameBytes(at, length);
    if (bytes == 0) return;
    const room = lookup.find(at + ROOM_HEADER_BYTES, bytes);
    if (room === null) return;
    const from = ROOM_HEADER_BYTES + bytes;
    const topic = safeTopic(at + from, length - from);
    if (topic != room.topic) {
      room.topic = topic;
      // The details follow, unless an older server wrote the record.
      room.topicAuthor = "";
      room.topicSetAt = 0;
    }
    room.history.forgottenId = max(room.history.forgottenId, checkedId(load<u64>(at)));
    this.inSegment.add(room);
  }

  /** Reads a DETAILS record. A room that would be empty and public is not created for it. */
  readDetails(at: usize, length: u32, lookup: RoomLookup): void {
    const bytes = roomNameBytes(at, length);
    const from = ROOM_HEADER_BYTES + bytes;
    if (bytes == 0 || from == length) return;
    const isPrivate = load<u8>(at + from) == 1;
    const room = isPrivate
      ? lookup.find(at + ROOM_HEADER_BYTES, bytes)
      : this.rooms.find(readRoomName(at, length));
    if (room === null) return;
    if (room !== this.rooms.lobby) room.modes.setFlag(SECRET, isPrivate);
    room.topicSetAt = checkedSeconds(load<i64>(at));
    const author = at + from + 1;
    const authorBytes = length - from - 1;
    const isKnown = room.topicSetAt > 0 && isName(author, authorBytes);
    room.topicAuthor = isKnown ? String.UTF8.decodeUnsafe(author, authorBytes) : "";
  }

  /** Notes which histories lack messages, after all records. */
  onAllRead(): void {
    const rooms = this.rooms.all();
    for (let i = 0; i < rooms.length; i++) {
      // Its messages may have been in segments that are deleted.
      const history = rooms[i].history;
      if (!this.inSegment.has(rooms[i]))
        history.forgottenId = max(history.forgottenId, this.rooms.forgottenId);
    }
  }

  /** Removes the private rooms, once the journal is open: it records that. */
  removePrivate(): void {
    const rooms = this.rooms.all();
    for (let i = 0; i < rooms.length; i++) {
      if (rooms[i].modes.isPrivate) this.rooms.removeAndReport(rooms[i]);
    }
  }
}
