/**
 * All rooms by name. The lobby always exists. Other rooms are created by the first user that joins,
 * and stay when they are empty, with topic and history, as long as there is room for them. A room
 * that was private is removed when it is empty.
 */
import { DeliveryRound } from "../delivery/delivery_round";
import { History } from "./history";
import { NameIndex } from "../users/name_index";
import { nameKey } from "../users/name_key";
import { RemovalListener, Room } from "./room";
import { ChatSettings } from "../settings";

/** The room of new users. */
const LOBBY = "lobby";

export class RoomRegistry {
  lobby!: Room;
  /**
   * The id of the newest message of all removed rooms: a room that is created again has no older
   * ones.
   */
  forgottenId: u64 = 0;
  /** The number of removed rooms. */
  givenUp: u32 = 0;
  listener: RemovalListener | null = null;
  private byName: NameIndex<Room> = new NameIndex();

  constructor(
    private round: DeliveryRound,
    private settings: ChatSettings,
  ) {
    this.lobby = this.add(LOBBY);
  }

  /** Returns all rooms, in the order of their creation. */
  all(): Array<Room> {
    return this.byName.all();
  }

  /** The number of memberships in all rooms together. */
  get membershipCount(): i32 {
    return this.all().reduce<i32>((sum, room) => sum + room.size, 0);
  }

  /** Returns the number of rooms with users. */
  inUse(): i32 {
    return this.all().reduce<i32>((count, room) => count + (room.size > 0 ? 1 : 0), 0);
  }

  find(name: string): Room | null {
    return this.byName.find(name);
  }

  /**
   * Returns the room with this name, created if necessary, or null if there are too many rooms with
   * users.
   */
  findOrCreate(name: string): Room | null {
    const room = this.find(name);
    if (room !== null) return room;
    if (this.byName.size >= this.settings.rooms && !this.forgetOne()) return null;
    return this.add(name);
  }

  /**
   * Drops history until all rooms together meet the limit: first the whole history of the room that
   * is empty longest, and so on; then the older half of the largest history.
   */
  relieveMemory(): void {
    while (History.bytesInUse > this.settings.historyBytes) {
      const rooms = this.all();
      let empty: Room | null = null;
      let longest = rooms[0];
      for (let i = 0; i < rooms.length; i++) {
        const room = rooms[i];
        if (room.history.memoryBytes > longest.history.memoryBytes) longest = room;
        if (room.size > 0 || room.history.memoryBytes == 0) continue;
        if (empty === null || room.emptySince < empty.emptySince) empty = room;
      }
      if (empty !== null) empty.history.dropAll();
      else if (!longest.history.dropOlderHalf()) return;
    }
  }

  private add(name: string): Room {
    const room = new Room(name, this.round, this.settings);
    room.history.forgottenId = this.forgottenId;
    this.byName.add(name, nameKey(name), room);
    return room;
  }

  /** Removes a room that has no users, with its topic and history. */
  remove(room: Room): void {
    this.forgottenId = max(this.forgottenId, room.history.newestId);
    this.givenUp++;
    room.history.dropAll();
    this.byName.remove(room.name, nameKey(room.name));
  }

  /** Removes a room that has no users, and tells the listener, which records that. */
  removeAndReport(room: Room): void {
    this.remove(room);
    const listener = this.listener;
    if (listener !== null) listener.onRoomRemoved(room);
  }

  /** Removes an empty room: see {@link isStaler}. @returns false if there is none */
  private forgetOne(): bool {
    const rooms = this.all();
    let oldest: Room | null = null;
    for (let i = 0; i < rooms.length; i++) {
      const room = rooms[i];
      if (room === this.lobby || room.size > 0) continue;
      if (oldest === null || isStaler(room, oldest)) oldest = room;
    }
    if (oldest === null) return false;
    this.removeAndReport(oldest);
    return true;
  }
}

/**
 * Returns true if `one` is to be removed before `other`: a room that was never used before all
 * others, then the one that is empty longer; for rooms empty since the start, the one whose last
 * message is older.
 */
function isStaler(one: Room, other: Room): bool {
  if (one.isUnused != other.isUnused) return one.isUnused;
  if (one.emptySince != other.emptySince) return one.emptySince < other.emptySince;
  return one.history.newestId < other.history.newestId;
}
