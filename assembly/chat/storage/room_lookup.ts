/**
 * A cache of rooms by the bytes of their names, for the many messages of a journal: each name is
 * decoded and folded once, not for each message.
 */
import { Room } from "../rooms/room";
import { RoomRegistry } from "../rooms/room_registry";
import { isName } from "./untrusted";

const PLACES: u32 = 4096;

export class RoomLookup {
  /** The cached rooms by a hash of the name. A new entry replaces another one in its place. */
  private found: Array<Room | null> = new Array<Room | null>(PLACES);

  /** The number of removed rooms at the last lookup. If it changes, the cache is cleared. */
  private givenUp: u32 = 0;

  constructor(private rooms: RoomRegistry) {}

  /**
   * Returns the room with this name, created if necessary, or null if there are too many rooms, or
   * no room can have the name.
   */
  find(at: usize, bytes: u32): Room | null {
    let hash: u32 = 0x811c_9dc5;
    for (let i: u32 = 0; i < bytes; i++) hash = (hash ^ load<u8>(at + i)) * 0x0100_0193;
    const place = (hash ^ (hash >> 16)) % PLACES;
    if (this.givenUp != this.rooms.givenUp) this.found.fill(null);
    this.givenUp = this.rooms.givenUp;
    const known = this.found[place];
    if (known !== null && isNamed(known, at, bytes)) return known;
    if (!isName(at, bytes)) return null;
    const room = this.rooms.findOrCreate(String.UTF8.decodeUnsafe(at, bytes));
    this.found[place] = room;
    return room;
  }
}

function isNamed(room: Room, at: usize, bytes: u32): bool {
  const name = room.nameBytes;
  if (<u32>name.byteLength != bytes) return false;
  return memory.compare(changetype<usize>(name), at, bytes) == 0;
}
