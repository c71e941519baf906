/**
 * Finds rooms by the bytes of their names, for the many lines of a journal: a name is decoded and
 * folded once, and not for each line.
 */
import { Room } from "../rooms/room";
import { RoomRegistry } from "../rooms/room_registry";

const PLACES: u32 = 4096;

export class RoomLookup {
  /** By a hash of the name; whoever comes to a place that is taken, takes it. */
  private found: Array<Room | null> = new Array<Room | null>(PLACES);

  /** Those that were found may have been given up since. */
  private givenUp: u32 = 0;

  constructor(private rooms: RoomRegistry) {}

  /** The room of this name, made if need be; null if there may not be one more. */
  find(at: usize, bytes: u32): Room | null {
    let hash: u32 = 0x811c_9dc5;
    for (let i: u32 = 0; i < bytes; i++) hash = (hash ^ load<u8>(at + i)) * 0x0100_0193;
    const place = (hash ^ (hash >> 16)) % PLACES;
    if (this.givenUp != this.rooms.givenUp) this.found.fill(null);
    this.givenUp = this.rooms.givenUp;
    const known = this.found[place];
    if (known !== null && isNamed(known, at, bytes)) return known;
    const room = this.rooms.open(String.UTF8.decodeUnsafe(at, bytes));
    this.found[place] = room;
    return room;
  }
}

function isNamed(room: Room, at: usize, bytes: u32): bool {
  const name = room.nameBytes;
  if (<u32>name.byteLength != bytes) return false;
  return memory.compare(changetype<usize>(name), at, bytes) == 0;
}
