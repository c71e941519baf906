/**
 * All rooms by name. The lobby is always there; others are made by the first who joins, and kept
 * when empty, with their topic and history, for as long as there is place.
 */
import { DeliveryRound } from "../delivery/delivery_round";
import { History } from "./history";
import { nameKey } from "../users/name_key";
import { Room } from "./room";
import { ChatSettings } from "../settings";

/** Where everybody begins. */
const LOBBY = "lobby";

export class RoomRegistry {
  lobby!: Room;
  /** The newest line of all rooms that have been given up: a room of that name begins anew. */
  forgottenId: u64 = 0;
  /** How many rooms have been given up. */
  givenUp: u32 = 0;
  private byKey: Map<string, Room> = new Map();

  constructor(
    private round: DeliveryRound,
    private settings: ChatSettings,
  ) {
    this.lobby = this.add(LOBBY);
  }

  /** Those that exist, in the order in which they were made. */
  all(): Array<Room> {
    return this.byKey.values();
  }

  find(name: string): Room | null {
    const key = nameKey(name);
    return this.byKey.has(key) ? this.byKey.get(key) : null;
  }

  /** The room of that name, made if need be; null if there are too many with people in them. */
  open(name: string): Room | null {
    const room = this.find(name);
    if (room !== null) return room;
    if (this.byKey.size >= this.settings.rooms && !this.forgetOne()) return null;
    return this.add(name);
  }

  /**
   * Forgets what was said until all rooms together remember no more than they may: of empty rooms
   * everything, of the longest empty one first; then the older half of the longest history.
   */
  relieve(): void {
    while (History.bytesInUse > this.settings.historyBytes) {
      const rooms = this.all();
      let empty: Room | null = null;
      let longest = rooms[0];
      for (let i = 0; i < rooms.length; i++) {
        const room = rooms[i];
        if (room.history.bytes > longest.history.bytes) longest = room;
        if (room.size > 0 || room.history.bytes == 0) continue;
        if (empty === null || room.emptySince < empty.emptySince) empty = room;
      }
      if (empty !== null) empty.history.free();
      else if (!longest.history.halve()) return;
    }
  }

  private add(name: string): Room {
    const room = new Room(name, this.round, this.settings);
    room.history.forgottenId = this.forgottenId;
    this.byKey.set(nameKey(name), room);
    return room;
  }

  /** Gives up the room that has been empty longest. @returns false if there is none */
  private forgetOne(): bool {
    const rooms = this.all();
    let oldest: Room | null = null;
    for (let i = 0; i < rooms.length; i++) {
      const room = rooms[i];
      if (room === this.lobby || room.size > 0) continue;
      if (oldest === null || isStaler(room, oldest)) oldest = room;
    }
    if (oldest === null) return false;
    this.forgottenId = max(this.forgottenId, oldest.history.newestId);
    this.givenUp++;
    oldest.history.free();
    this.byKey.delete(nameKey(oldest.name));
    return true;
  }
}

/** Of rooms that were empty when the server started, the one where nothing was said for longest. */
function isStaler(one: Room, other: Room): bool {
  if (one.emptySince != other.emptySince) return one.emptySince < other.emptySince;
  return one.history.newestId < other.history.newestId;
}
