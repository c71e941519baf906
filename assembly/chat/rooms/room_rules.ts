/**
 * The rules of rooms: who may enter, speak and set the topic. The same rules hold for all
 * protocols.
 */
import { User } from "../users/user";
import { Membership, Room } from "./room";
import { RoomFlag } from "./room_modes";

/** The reasons why a room or its operators forbid something, and other reasons of refusals. */
export enum RoomFault {
  NONE = 0,
  /** Only an operator of the room may do it. */
  NOT_OPERATOR = 1,
  /** A ban of the room matches the user. */
  BANNED = 2,
  /** The room has a key, and the given one is another. */
  WRONG_KEY = 3,
  /** The room has as many users as its limit allows. */
  FULL = 4,
  /** The user was not invited. */
  INVITE_ONLY = 5,
  /** The user is not in the room, and only users in it may do that. */
  OUTSIDE = 6,
  /** Only operators and users with a voice may speak. */
  MODERATED = 7,
  /** There is no user of that name. */
  NO_USER = 8,
  /** The other user is not in the room. */
  NOT_IN_ROOM = 9,
  /** The invited user is in the room. */
  ALREADY_IN = 10,
  UNKNOWN_MODE = 11,
  /** A mode lacks its value, or the value is invalid. */
  BAD_VALUE = 12,
  /** A list of masks is full. */
  LIST_FULL = 13,
  /** The lobby is open to all: it has no key, no limit, no invitations, and is not secret. */
  LOBBY = 14,
  /** One line changes too many modes. */
  TOO_MANY = 15,
}

/** Returns the reason why a user may not enter a room, or NONE. @param key empty for none */
export function mayEnter(room: Room, user: User, sessionId: u64, key: string): RoomFault {
  const modes = room.modes;
  if (room.isInvited(sessionId)) return RoomFault.NONE;
  if (modes.bans.matches(user) && !modes.exceptions.matches(user)) return RoomFault.BANNED;
  if (modes.has(RoomFlag.INVITE_ONLY) && !modes.invitations.matches(user)) {
    return RoomFault.INVITE_ONLY;
  }
  if (modes.key != "" && modes.key != key) return RoomFault.WRONG_KEY;
  return modes.limit > 0 && room.size >= modes.limit ? RoomFault.FULL : RoomFault.NONE;
}

/**
 * Returns the reason why a user may not speak in a room, or NONE.
 *
 * @param membership the user's membership in the room, or null
 */
export function maySpeak(room: Room, user: User, membership: Membership | null): RoomFault {
  const modes = room.modes;
  if (membership === null && modes.has(RoomFlag.NO_OUTSIDERS)) return RoomFault.OUTSIDE;
  if (membership !== null && (membership.isOperator || membership.isVoiced)) return RoomFault.NONE;
  if (modes.has(RoomFlag.MODERATED)) return RoomFault.MODERATED;
  if (modes.bans.entries.length == 0) return RoomFault.NONE;
  return isBanned(room, user, membership) ? RoomFault.BANNED : RoomFault.NONE;
}

/** Returns the reason why a member may not set the topic of its room, or NONE. */
export function maySetTopic(membership: Membership): RoomFault {
  if (membership.isOperator) return RoomFault.NONE;
  if (membership.room.modes.has(RoomFlag.TOPIC_LOCKED)) return RoomFault.NOT_OPERATOR;
  return maySpeak(membership.room, membership.user, membership);
}

/** Returns the reason why a member may not invite others to its room, or NONE. */
export function mayInvite(membership: Membership): RoomFault {
  const isOpen = !membership.room.modes.has(RoomFlag.INVITE_ONLY);
  return membership.isOperator || isOpen ? RoomFault.NONE : RoomFault.NOT_OPERATOR;
}

/**
 * Returns the room in which a ban keeps a user from speaking, or null. Such a user must not rename:
 * the ban may not match the new name.
 */
export function findBan(memberships: Array<Membership>): Room | null {
  for (let i = 0; i < memberships.length; i++) {
    const one = memberships[i];
    if (one.isOperator || one.isVoiced || one.room.modes.bans.entries.length == 0) continue;
    if (isBanned(one.room, one.user, one)) return one.room;
  }
  return null;
}

/** Remembers the result for members, since a list may be long. */
function isBanned(room: Room, user: User, membership: Membership | null): bool {
  const modes = room.modes;
  if (membership === null) return modes.bans.matches(user) && !modes.exceptions.matches(user);
  if (membership._rulesRevision != modes.revision) {
    membership._rulesRevision = modes.revision;
    membership._isBanned = modes.bans.matches(user) && !modes.exceptions.matches(user);
  }
  return membership._isBanned;
}
