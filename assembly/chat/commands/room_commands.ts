/** The commands for rooms: join, leave, list, topic, history. */
import { countText } from "../../text/count_text";
import { excerpt, isLonger } from "../../text/excerpt";
import { checkName, NameFault, nameFaultText } from "../../text/names";
import { isDigits } from "../../text/options";
import { afterFirstWord, firstWord } from "../../text/words";
import { Chat } from "../chat";
import { NAMES_LISTED, SHOWN_CHARACTERS, TOPIC_CHARACTERS } from "../limits";
import { MembersListed, RoomTopic } from "../protocol/events";
import { HistoryEnd, RoomListed } from "../protocol/room_events";
import { mayEnter } from "../rooms/room_rules";
import { Room } from "../rooms/room";
import { Session } from "../session/session";
import { User } from "../users/user";
import { findMembership } from "./find_membership";
import { RoomOperations } from "./room_operations";
import { tellFault } from "./room_refusals";

/**
 * The commands. Each function takes the text after the command. Its number of words has been
 * checked.
 */
export class RoomCommands {
  /** @param rest the name, and the key if there is one */
  static joinRoom(chat: Chat, session: Session, rest: string): void {
    const rooms = chat.rooms;
    const name = firstWord(rest);
    let room = rooms.find(name);
    if (room !== null && session.membershipIn(room) !== null) {
      session.tell(`you are in ${room.name}`);
      return;
    }
    const shown = excerpt(name, SHOWN_CHARACTERS);
    const fault = room === null ? checkName(name) : NameFault.NONE;
    if (fault != NameFault.NONE) {
      session.refuse("bad-name", `"${shown}" cannot be a room: ${nameFaultText(fault)}`);
      return;
    }
    if (session.protocol.hasSeveralRooms && refusesMoreRooms(chat, session)) return;
    if (room === null && !session.countNewRoom(chat.settings.newRooms)) {
      chat.counters.limits.add("new rooms");
      session.refuse("too-many-rooms", "you have created too many rooms: join one, or wait");
      return;
    }
    room = rooms.findOrCreate(name);
    if (room !== null) {
      const refusal = mayEnter(room, session.user, session.id, afterFirstWord(rest));
      if (tellFault(session, refusal, room.name, "")) return;
      if (session.protocol.hasSeveralRooms) chat.enterRoom(session, room);
      else changeRoom(chat, session, room);
      return;
    }
    chat.counters.limits.add("rooms");
    session.refuse("too-many-rooms", "there are too many rooms: join one of them");
  }

  static leaveRoom(chat: Chat, session: Session, name: string): void {
    const at = findMembership(chat, session, name);
    if (at === null) return;
    const lobby = chat.rooms.lobby;
    if (session.protocol.hasSeveralRooms) chat.partRoom(session, at);
    else if (at.room === lobby) session.tell("you are in the lobby: /quit leaves");
    else changeRoom(chat, session, lobby);
  }

  static listRooms(chat: Chat, session: Session): void {
    const all = chat.rooms.all();
    let found = 0;
    for (let i = 0; i < all.length; i++) {
      const room = all[i];
      if (room.isSecret && session.membershipIn(room) === null) continue;
      if (++found <= NAMES_LISTED) session.send(new RoomListed(room.name, room.size, room.topic));
    }
    if (found > NAMES_LISTED) session.tell(`and ${found - NAMES_LISTED} more`);
  }

  /** @param inRoom the room that the line is for, if it names no other one */
  static listMembers(chat: Chat, session: Session, inRoom: string, name: string): void {
    const at = name == "" ? findMembership(chat, session, inRoom) : null;
    if (name == "" && at === null) return;
    const room = at === null ? chat.rooms.find(name) : at.room;
    if (room === null || (room.isSecret && session.membershipIn(room) === null)) {
      session.refuse("no-room", `there is no room ${excerpt(name, SHOWN_CHARACTERS)}`);
      return;
    }
    // Lists only some users of a large room: sorting all of them would cost more than a message to
    // them.
    const members = room.listMembers(NAMES_LISTED);
    const users: Array<User> = [];
    const operators: Array<string> = [];
    const voices: Array<string> = [];
    for (let i = 0; i < members.length; i++) {
      const user = members[i].user;
      // A client with lists of members is told of other users only once it has them in its list.
      const isHidden = session.protocol.hasSeveralRooms && !members[i].isListed;
      if (isHidden && user !== session.user) continue;
      users.push(user);
      if (members[i].isOperator) operators.push(user.name);
      if (members[i].isVoiced) voices.push(user.name);
    }
    operators.sort();
    voices.sort();
    users.sort((one, two) => (one.name < two.name ? -1 : one.name > two.name ? 1 : 0));
    const names = users.map<string>((one) => one.name);
    const isAway = users.map<bool>((one) => one.away != "");
    session.send(new MembersListed(room.name, room.size, names, isAway, operators, voices));
  }

  static showOrSetTopic(chat: Chat, session: Session, name: string, text: string): void {
    const at = findMembership(chat, session, name);
    if (at === null) return;
    const room = at.room;
    if (text == "") {
      session.send(new RoomTopic(room.name, room.topic));
    } else if (!refusesLongText(session, text)) {
      chat.announceAtFirstLine(session);
      tellFault(session, RoomOperations.setTopic(chat, at, text), room.name, "");
    }
  }

  static showHistory(chat: Chat, session: Session, name: string, rest: string): void {
    const at = findMembership(chat, session, name);
    if (at === null) return;
    const room = at.room;
    const past = room.history;
    const words = rest.split(" ");
    const since = words[0].toLowerCase() == "since";
    const number = words[words.length - 1];
    if (rest != "" && (words.length != (since ? 2 : 1) || !isDigits(number))) {
      session.refuse("usage", "/history is used like this: /history [N | since ID]");
      return;
    }
    const value = rest == "" ? chat.settings.replay : <i64>I64.parseInt(number);
    if (since && <u64>value < past.forgottenId) {
      session.refuse("history-gap", `what was said before ${past.forgottenId} is forgotten`);
    } else if (since && <u64>value > chat.lastId) {
      session.refuse("history-gap", `nothing has an id of ${value}: the server has begun anew`);
    }
    const place = since
      ? past.offsetAfter(<u64>value)
      : past.offsetOfNewest(<i32>min(value, past.count));
    session.send(new HistoryEnd(room.name, chat.replayHistory(session, room, place)));
  }
}

/** Moves a user from its current room to another one. */
function changeRoom(chat: Chat, session: Session, room: Room): void {
  chat.leaveRoom(session, session.current!);
  chat.enterRoom(session, room);
}

/** Refuses a further room, if the client is in as many as it may be. */
function refusesMoreRooms(chat: Chat, session: Session): bool {
  const most = chat.settings.roomsPerClient;
  if (session.memberships.length < most) return false;
  chat.counters.limits.add("rooms per client");
  const rooms = countText(most, "room");
  session.refuse("rooms-per-client", `you are in ${rooms}, which is all you can: /part leaves one`);
  return true;
}

/** Refuses a text that is too long, with a message to the client. @returns false if it is not */
export function refusesLongText(session: Session, text: string): bool {
  if (!isLonger(text, TOPIC_CHARACTERS)) return false;
  session.refuse("long-text", `that may have ${TOPIC_CHARACTERS} characters: yours has more`);
  return true;
}
