/** The membership of a session in a room. */
import type { BroadcastGroup, Room } from "./room.js";
import type { Session } from "./session.js";
import { hasSeveralRooms } from "./settings.js";

export class Membership {
  /** The broadcast group; undefined if the session gets its own copies. */
  group: BroadcastGroup | undefined;
  /** True if clients with one room are told when it leaves. */
  isAnnounced = false;
  /** True if clients with several rooms have it in their lists. */
  isListed = false;
  isOperator = false;
  isVoiced = false;

  constructor(
    readonly room: Room,
    readonly session: Session,
  ) {}

  get hasSeveralRooms(): boolean {
    return hasSeveralRooms(this.session.style);
  }
}
