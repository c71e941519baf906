/**
 * The rooms that were removed while the server ran, in the journal. A removal is recorded when it
 * happens, so that a restart neither restores the room nor removes another one in its place.
 *
 * REMOVED the newest id of all removed rooms u64, length of the name u32, name
 */
import { Journal } from "../../journal/journal";
import { RemovalListener, Room } from "../rooms/room";
import { RoomRegistry } from "../rooms/room_registry";
import { NAME_BYTES_MOST, readRoomName, RecordType, ROOM_HEADER_BYTES, writeName } from "./record";

/**
 * While the journal cannot be written, the server remembers the names of at most this many removed
 * rooms, for the time when it can. @limit rooms
 */
export const REMOVALS_KEPT: i32 = 1000;

export class RemovedRooms implements RemovalListener {
  /** The names of removed rooms whose records may not be on the disk yet. */
  private names: Set<string> = new Set();

  constructor(
    private rooms: RoomRegistry,
    private journal: Journal,
  ) {
    rooms.listener = this;
  }

  onRoomRemoved(room: Room): void {
    if (this.names.size < REMOVALS_KEPT) this.names.add(room.name);
    // While the journal is read, nothing is written: the snapshot after that contains the removals.
    if (this.journal.isWriting) this.writeRecord(room.name);
  }

  /** Writes the removals that may not be on the disk, as a part of a snapshot. */
  writePending(): void {
    const names = this.names.values();
    for (let i = 0; i < names.length; i++) {
      // Skips a room that has been created again.
      if (this.rooms.find(names[i]) === null) this.writeRecord(names[i]);
    }
  }

  /** Forgets the removals if all records are synced. Call it after each commit. */
  forgetSynced(): void {
    if (this.journal.isWriting && !this.journal.isDirty) this.names.clear();
  }

  /** Reads a record, and removes its room. */
  readRecord(at: usize, length: u32): void {
    const name = readRoomName(at, length);
    if (name == "") return;
    const rooms = this.rooms;
    const room = rooms.find(name);
    if (room !== null && room !== rooms.lobby) rooms.remove(room);
    rooms.forgottenId = max(rooms.forgottenId, load<u64>(at));
  }

  private writeRecord(name: string): void {
    const at = this.journal.payload(ROOM_HEADER_BYTES + NAME_BYTES_MOST);
    const bytes = writeName(at, this.rooms.forgottenId, String.UTF8.encode(name));
    this.journal.seal(RecordType.REMOVED, bytes, 0);
  }
}
