/** Words and codes for what the rules of a room forbid. */
import { Membership } from "../rooms/room";
import { maySpeak, RoomFault } from "../rooms/room_rules";
import { Session } from "../session/session";

/**
 * Tells a user that it may not speak in a room, if the room forbids that.
 *
 * @returns false if the user may speak
 */
// @ts-ignore: decorator
@inline
export function refusesSpeaking(session: Session, at: Membership): bool {
  const fault = maySpeak(at.room, at.user, at);
  return fault != RoomFault.NONE && tellFault(session, fault, at.room.name, "");
}

/**
 * Tells a client why a room forbids something.
 *
 * @param subject the name, the mode's letter or the value that the refusal is about
 * @returns false if there is no fault
 */
export function tellFault(session: Session, fault: RoomFault, room: string, subject: string): bool {
  if (fault == RoomFault.NONE) return false;
  session.refuse(faultCode(fault), faultText(fault, room, subject));
  return true;
}

function faultCode(fault: RoomFault): string {
  switch (fault) {
    case RoomFault.NOT_OPERATOR:
      return "not-operator";
    case RoomFault.BANNED:
      return "banned";
    case RoomFault.WRONG_KEY:
      return "wrong-key";
    case RoomFault.FULL:
      return "room-full";
    case RoomFault.INVITE_ONLY:
      return "invite-only";
    case RoomFault.OUTSIDE:
      return "not-in-room";
    case RoomFault.MODERATED:
      return "moderated";
    case RoomFault.NO_USER:
      return "no-person";
    case RoomFault.NOT_IN_ROOM:
      return "not-there";
    case RoomFault.ALREADY_IN:
      return "already-there";
    case RoomFault.UNKNOWN_MODE:
      return "unknown-mode";
    case RoomFault.BAD_VALUE:
      return "bad-value";
    case RoomFault.LIST_FULL:
      return "list-full";
    case RoomFault.LOBBY:
      return "lobby";
    default:
      return "too-many-modes";
  }
}

function faultText(fault: RoomFault, room: string, subject: string): string {
  switch (fault) {
    case RoomFault.NOT_OPERATOR:
      return `only operators of ${room} may do that`;
    case RoomFault.BANNED:
      return `you are banned from ${room}`;
    case RoomFault.WRONG_KEY:
      return `${room} has a key: /join ${room} KEY enters it`;
    case RoomFault.FULL:
      return `${room} is full`;
    case RoomFault.INVITE_ONLY:
      return `only invited users may enter ${room}`;
    case RoomFault.OUTSIDE:
      return `you are not in ${room}: /join ${room} enters it`;
    case RoomFault.MODERATED:
      return `only operators and users with a voice may speak in ${room}`;
    case RoomFault.NO_USER:
      return `nobody here is called ${subject}`;
    case RoomFault.NOT_IN_ROOM:
      return `${subject} is not in ${room}`;
    case RoomFault.ALREADY_IN:
      return `${subject} is in ${room}`;
    case RoomFault.UNKNOWN_MODE:
      return `there is no mode ${subject}: choose of b e I i k l m n o s t v C`;
    case RoomFault.BAD_VALUE:
      return `mode ${subject} needs a value that fits: a name, a mask, a key or a number`;
    case RoomFault.LIST_FULL:
      return `list ${subject} of ${room} is full: take something back`;
    case RoomFault.LOBBY:
      return `${room} is open to all, and nobody is sent out of it`;
    default:
      return "these are too many changes for one line";
  }
}
