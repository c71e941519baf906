/**
 * Operations on rooms under the rules of room_rules.ts, for all protocols: enter, kick, invite, set
 * the topic, change modes. Each returns a fault, or tells the users concerned. Each protocol has
 * its own words for a fault.
 */
import { isLonger } from "../../text/excerpt";
import { parseDecimal } from "../../text/decimal";
import { Chat } from "../chat";
import { TopicSet } from "../protocol/events";
import { ModesChanged, UserInvited, UserKicked } from "../protocol/room_events";
import { completeMask } from "../rooms/mask";
import { MASK_CHARACTERS } from "../rooms/mask_list";
import { MODE_CHANGES_MOST, ModeChange, ModeKind } from "../rooms/mode_change";
import { Membership, Room } from "../rooms/room";
import { KEY_CHARACTERS, ROOM_LIMIT_MOST } from "../rooms/room_modes";
import { mayEnter, mayInvite, maySetTopic, RoomFault } from "../rooms/room_rules";
import { Session } from "../session/session";
import { User } from "../users/user";

/** The modes that the lobby cannot have, since all new users enter it. */
const NOT_IN_LOBBY = "ikls";

/** The result of a change of modes: the changes that had an effect, and the first fault. */
export class ModeResult {
  done: Array<ModeChange> = [];
  fault: RoomFault = RoomFault.NONE;
  /** The change that has the fault; null if there is none. */
  faulty: ModeChange | null = null;

  /** Stores the fault of a change, unless an earlier change had a fault. */
  setFault(fault: RoomFault, change: ModeChange): void {
    if (fault == RoomFault.NONE || this.fault != RoomFault.NONE) return;
    this.fault = fault;
    this.faulty = change;
  }
}

export class RoomOperations {
  /** Adds a user to a room if it may enter. @param key the key that it gives, or empty */
  static enter(chat: Chat, session: Session, room: Room, key: string): RoomFault {
    const fault = mayEnter(room, session.user, session.id, key);
    if (fault == RoomFault.NONE) chat.enterRoom(session, room);
    return fault;
  }

  /** Sends a user out of a room. A client with one room goes to the lobby. */
  static kick(chat: Chat, by: Membership, target: Session, why: string): RoomFault {
    const room = by.room;
    if (!by.isOperator) return RoomFault.NOT_OPERATOR;
    const membership = target.membershipIn(room);
    if (membership === null) return RoomFault.NOT_IN_ROOM;
    const hasSeveralRooms = target.protocol.hasSeveralRooms;
    if (room === chat.rooms.lobby && !hasSeveralRooms) return RoomFault.LOBBY;
    const event = new UserKicked(target.user, by.user, room.name, why);
    chat.presence.ensureListed(membership);
    chat.presence.tellOperation(by, event);
    // In a large room, the event was not sent to clients with one room.
    const isTold = hasSeveralRooms || by === membership || room.size <= chat.settings.announce;
    if (!isTold) target.send(event);
    chat.presence.dropJoining(membership);
    chat.takeOut(target, membership);
    if (!hasSeveralRooms) chat.enterRoom(target, chat.rooms.lobby);
    return RoomFault.NONE;
  }

  /**
   * Invites a user to a room. If an operator of the room invites it, the user may enter once in
   * spite of bans, key and limit. The invitation of another member is only a message.
   */
  static invite(chat: Chat, by: Membership, target: Session): RoomFault {
    const room = by.room;
    const fault = mayInvite(by);
    if (fault != RoomFault.NONE) return fault;
    if (target.membershipIn(room) !== null) return RoomFault.ALREADY_IN;
    if (by.isOperator) room.invite(target.id);
    if (!target.user.ignored.has(by.user.id)) {
      target.send(new UserInvited(target.user, by.user, room.name));
    }
    return RoomFault.NONE;
  }

  /** Sets the topic of a room, or removes it with an empty text. */
  static setTopic(chat: Chat, by: Membership, text: string): RoomFault {
    const fault = maySetTopic(by);
    if (fault != RoomFault.NONE) return fault;
    const room = by.room;
    room.topic = text;
    room.topicAuthor = by.user.name;
    room.topicSetAt = chat.now;
    const storage = chat.storage;
    if (storage !== null) storage.recordRoom(room);
    chat.presence.tellOperation(by, new TopicSet(by.user, text, room.name), by.user);
    chat.roomLimiter.countEvent(<Session>by.recipient, room);
    return RoomFault.NONE;
  }

  /**
   * Changes modes of a room, and tells its users of those that had an effect. Changes that only ask
   * for a list are skipped: see {@link ModeKind.LIST}.
   *
   * @param by the user's membership; null for the administrators of the server
   */
  static changeModes(
    chat: Chat,
    by: Membership | null,
    room: Room,
    changes: Array<ModeChange>,
  ): ModeResult {
    const result = new ModeResult();
    const wasPrivate = room.modes.isPrivate;
    for (let i = 0; i < changes.length; i++) {
      const change = changes[i];
      if (change.kind == ModeKind.LIST && change.argument == "") continue;
      if (by !== null && !by.isOperator) result.setFault(RoomFault.NOT_OPERATOR, change);
      else if (i >= MODE_CHANGES_MOST) result.setFault(RoomFault.TOO_MANY, change);
      else applyChange(chat, by === null ? null : by.user, room, change, result);
    }
    if (result.done.length == 0) return result;
    const storage = chat.storage;
    if (storage !== null && room.modes.isPrivate != wasPrivate) storage.recordPrivacy(room);
    const event = new ModesChanged(by === null ? null : by.user, room.name, result.done);
    if (by === null) {
      chat.presence.recordEvent(room, event);
      room.announce(event);
    } else {
      chat.presence.tellOperation(by, event);
      chat.roomLimiter.countEvent(<Session>by.recipient, room);
    }
    return result;
  }
}

function applyChange(
  chat: Chat,
  by: User | null,
  room: Room,
  change: ModeChange,
  result: ModeResult,
): void {
  const kind = change.kind;
  if (room === chat.rooms.lobby && change.isSet && NOT_IN_LOBBY.includes(change.letter)) {
    result.setFault(RoomFault.LOBBY, change);
  } else if (kind == ModeKind.UNKNOWN) {
    result.setFault(RoomFault.UNKNOWN_MODE, change);
  } else if (kind == ModeKind.FLAG) {
    if (room.modes.setFlag(change.letter, change.isSet)) result.done.push(change);
  } else if (kind == ModeKind.MEMBER) {
    changeMember(chat, room, change, result);
  } else {
    const isMask = kind == ModeKind.LIST;
    const fault = isMask ? checkMask(room, change) : checkValue(change);
    result.setFault(fault, change);
    if (fault != RoomFault.NONE) return;
    const isDone = isMask ? setMask(room, change, by, chat.now) : setValue(room, change);
    if (isDone) result.done.push(change);
  }
}

/** Makes a member an operator, gives it a voice, or ends that. */
function changeMember(chat: Chat, room: Room, change: ModeChange, result: ModeResult): void {
  const person = chat.users.find(change.argument);
  if (person === null) {
    result.setFault(change.argument == "" ? RoomFault.BAD_VALUE : RoomFault.NO_USER, change);
    return;
  }
  const membership = person.membershipIn(room);
  if (membership === null) {
    result.setFault(RoomFault.NOT_IN_ROOM, change);
    return;
  }
  const isOperator = change.letter == "o";
  if ((isOperator ? membership.isOperator : membership.isVoiced) == change.isSet) return;
  // Clients with lists of members must have the user in their lists first.
  chat.presence.ensureListed(membership);
  if (isOperator) membership.isOperator = change.isSet;
  else membership.isVoiced = change.isSet;
  change.argument = person.user.name;
  result.done.push(change);
}

/** Completes the mask of a change. @returns a fault if it is invalid, or the list is full */
function checkMask(room: Room, change: ModeChange): RoomFault {
  change.argument = completeMask(change.argument);
  const isBad = change.argument.includes(" ") || change.argument.startsWith(":");
  if (isBad || isLonger(change.argument, MASK_CHARACTERS)) {
    return RoomFault.BAD_VALUE;
  }
  const isFull = change.isSet && room.modes.maskListOf(change.letter).isFull;
  return isFull ? RoomFault.LIST_FULL : RoomFault.NONE;
}

function setMask(room: Room, change: ModeChange, by: User | null, now: i64): bool {
  const list = room.modes.maskListOf(change.letter);
  room.modes.revision++;
  if (!change.isSet) return list.remove(change.argument);
  return list.add(change.argument, by === null ? "server" : by.name, now);
}

/** Returns a fault if a key or a limit is invalid. */
function checkValue(change: ModeChange): RoomFault {
  if (!change.isSet) return RoomFault.NONE;
  const value = change.argument;
  if (change.kind == ModeKind.LIMIT) {
    return parseDecimal(value, ROOM_LIMIT_MOST) > 0 ? RoomFault.NONE : RoomFault.BAD_VALUE;
  }
  const isBad = value == "" || value.includes(" ") || value.includes(",") || value.startsWith(":");
  return isBad || isLonger(value, KEY_CHARACTERS) ? RoomFault.BAD_VALUE : RoomFault.NONE;
}

function setValue(room: Room, change: ModeChange): bool {
  const modes = room.modes;
  if (change.kind == ModeKind.LIMIT) {
    const limit = change.isSet ? <i32>I64.parseInt(change.argument) : 0;
    if (modes.limit == limit) return false;
    modes.limit = limit;
    change.argument = change.isSet ? limit.toString() : "";
    return true;
  }
  const key = change.isSet ? change.argument : "";
  if (modes.key == key) return false;
  // Clients of IRC expect the key of a mode that is cleared, too.
  if (!change.isSet) change.argument = modes.key;
  modes.key = key;
  return true;
}
