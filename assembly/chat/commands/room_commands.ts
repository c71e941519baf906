/** The commands that have to do with a room: who is where, and what is said there. */
import { excerpt, isLonger } from "../../text/excerpt";
import { JsonObject } from "../../text/json";
import { checkName, NameFault, nameFaultText } from "../../text/names";
import { isDigits } from "../../text/options";
import { Chat } from "../chat";
import { NAMES_LISTED, SHOWN_CHARACTERS, TOPIC_CHARACTERS } from "../limits";
import { Room } from "../rooms/room";
import { Session } from "../session/session";

/** Each takes what stands after the command, its words counted. */
export class RoomCommands {
  static join(chat: Chat, session: Session, name: string): void {
    const rooms = chat.rooms;
    let room = rooms.find(name);
    if (room !== null && room === session.room) {
      session.tell(`you are in ${room.name}`);
      return;
    }
    const shown = excerpt(name, SHOWN_CHARACTERS);
    const fault = room === null ? checkName(name) : NameFault.NONE;
    if (fault != NameFault.NONE) {
      session.refuse("bad-name", `"${shown}" cannot be a room: ${nameFaultText(fault)}`);
      return;
    }
    room = rooms.open(name);
    if (room !== null) {
      move(chat, session, room);
      return;
    }
    chat.counters.limits.add("rooms");
    session.refuse("too-many-rooms", "there are too many rooms: join one of them");
  }

  static part(chat: Chat, session: Session): void {
    const lobby = chat.rooms.lobby;
    if (session.room === lobby) session.tell("you are in the lobby: /quit leaves");
    else move(chat, session, lobby);
  }

  static rooms(chat: Chat, session: Session): void {
    const all = chat.rooms.all();
    const listed = min(all.length, NAMES_LISTED);
    for (let i = 0; i < listed; i++) {
      const room = all[i];
      const topic = room.topic == "" ? "" : `: ${room.topic}`;
      const object = new JsonObject("room")
        .text("room", room.name)
        .number("people", room.size)
        .text("topic", room.topic);
      session.tellEvent(`${room.name} (${room.size})${topic}`, object);
    }
    if (all.length > listed) session.tell(`and ${all.length - listed} more`);
  }

  static who(chat: Chat, session: Session, name: string): void {
    const room = name == "" ? session.room! : chat.rooms.find(name);
    if (room === null) {
      session.refuse("no-room", `there is no room ${excerpt(name, SHOWN_CHARACTERS)}`);
      return;
    }
    // Of a crowd only these are looked at: to sort all would cost more than to speak to all.
    const users = room.users(NAMES_LISTED);
    users.sort((one, two) => (one.name < two.name ? -1 : one.name > two.name ? 1 : 0));
    const listed = users.map<string>((one) => described(one));
    const size = room.size;
    const more = size > listed.length ? ` and ${size - listed.length} more` : "";
    const object = new JsonObject("who")
      .text("room", room.name)
      .number("people", size)
      .texts(
        "names",
        users.map<string>((one) => one.name),
      )
      .texts(
        "away",
        users.filter((one) => one.away != "").map<string>((one) => one.name),
      );
    session.tellEvent(`${room.name} (${size}): ${listed.join(", ")}${more}`, object);
  }

  static topic(chat: Chat, session: Session, text: string): void {
    const room = session.room!;
    if (text == "") {
      const object = new JsonObject("topic").text("room", room.name).text("text", room.topic);
      session.tellEvent(room.topic == "" ? "there is no topic" : `topic: ${room.topic}`, object);
    } else if (isTooLong(session, text)) {
      return;
    } else {
      room.topic = text;
      chat.onSpeaking(session);
      const storage = chat.storage;
      if (storage !== null) storage.room(room);
      const object = new JsonObject("topic").text("from", session.name).text("text", text);
      happened(chat, session, `${session.name} set the topic: ${text}`, object);
    }
  }

  static history(chat: Chat, session: Session, rest: string): void {
    const room = session.room!;
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
    const place = since ? past.after(<u64>value) : past.newest(<i32>min(value, past.count));
    const lines = chat.replay(session, room, place);
    const object = new JsonObject("history").text("room", room.name).number("lines", lines);
    session.tellEvent(`${lines} lines of ${room.name}`, object);
  }
}

function move(chat: Chat, session: Session, room: Room): void {
  chat.leave(session);
  chat.enter(session, room);
}

function described(session: Session): string {
  return session.away == "" ? session.name : `${session.name} (away)`;
}

/** Tells the room what somebody has done; that one is told in any case. */
export function happened(chat: Chat, session: Session, plain: string, object: JsonObject): void {
  const room = session.room!;
  const isTold = session.hasSpoken && room.size <= chat.settings.announce;
  if (isTold) room.announce(plain, object);
  else session.tellEvent(plain, object.text("room", room.name));
}

/** Whether a text is too long to be kept; if so, that is told. */
export function isTooLong(session: Session, text: string): bool {
  if (!isLonger(text, TOPIC_CHARACTERS)) return false;
  session.refuse("long-text", `that may have ${TOPIC_CHARACTERS} characters: yours has more`);
  return true;
}
