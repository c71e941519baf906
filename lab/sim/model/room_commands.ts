/** The commands about rooms: /join, /part, /rooms, /who, /topic and /history. */
import { findRoom } from "./find_room.js";
import type { ServerModel } from "./server.js";
import { faultOf } from "./names.js";
import type { Room } from "./room.js";
import { NAMES_LISTED, SHOWN_CHARACTERS, TEXT_CHARACTERS } from "./settings.js";
import { speaks } from "./presence.js";
import type { Session } from "./session.js";
import { excerpt, firstWord, refusal } from "./words.js";

/** Digits, few enough for an integer of 64 bits. */
const NUMBER = /^\d{1,18}$/;

export function join(server: ServerModel, session: Session, rest: string): void {
  const name = firstWord(rest);
  const known = server.rooms.find(name);
  const shown = excerpt(name, SHOWN_CHARACTERS);
  if (known !== undefined && known === session.room) {
    server.tell(session, `you are in ${known.name}`);
    return;
  }
  const fault = known === undefined ? faultOf(name) : undefined;
  if (fault !== undefined) {
    server.tell(session, refusal("bad-name", `"${shown}" cannot be a room: ${fault}`));
    return;
  }
  const room = server.rooms.open(name);
  if (room === undefined) {
    const text = "there are too many rooms: join one of them";
    server.tell(session, refusal("too-many-rooms", text));
  } else {
    move(server, session, room);
  }
}

export function part(server: ServerModel, session: Session, _rest: string, inRoom: string): void {
  const { lobby } = server.rooms;
  const room = findRoom(server, session, inRoom);
  if (room === undefined) return;
  if (room === lobby) server.tell(session, "you are in the lobby: /quit leaves");
  else move(server, session, lobby);
}

function move(server: ServerModel, session: Session, room: Room): void {
  server.leave(session);
  server.enter(session, room);
}

export function list(server: ServerModel, session: Session): void {
  const all = [...server.rooms.byKey.values()];
  for (const { name: room, size: people, topic } of all.slice(0, NAMES_LISTED)) {
    const plain = `${room} (${people})${topic === "" ? "" : `: ${topic}`}`;
    server.tell(session, { plain, object: { type: "room", room, people, topic } });
  }
  if (all.length > NAMES_LISTED) server.tell(session, `and ${all.length - NAMES_LISTED} more`);
}

export function who(server: ServerModel, session: Session, name: string, inRoom: string): void {
  const at = name === "" ? findRoom(server, session, inRoom) : undefined;
  if (name === "" && at === undefined) return;
  const found = at ?? server.rooms.find(name);
  if (found === undefined) {
    const shown = excerpt(name, SHOWN_CHARACTERS);
    server.tell(session, refusal("no-room", `there is no room ${shown}`));
    return;
  }
  // Of a large room, the guest lists only some users. Its own lists decide which, and the model
  // follows.
  const listed = found.people.slice(0, NAMES_LISTED);
  const described = listed.map((one) => (one.away === "" ? one.name : `${one.name} (away)`)).sort();
  const names = listed.map((one) => one.name).sort();
  const gone = listed.filter((one) => one.away !== "").map((one) => one.name);
  const { name: room, size: people } = found;
  const more = people > NAMES_LISTED ? ` and ${people - NAMES_LISTED} more` : "";
  const plain = `${room} (${people}): ${described.join(", ")}${more}`;
  server.tell(session, { plain, object: { type: "who", room, people, names, away: gone.sort() } });
}

export function topic(server: ServerModel, session: Session, text: string, inRoom: string): void {
  const { name: from } = session;
  const room = findRoom(server, session, inRoom);
  if (room === undefined) return;
  if (text === "") {
    const plain = room.topic === "" ? "there is no topic" : `topic: ${room.topic}`;
    server.tell(session, { plain, object: { type: "topic", room: room.name, text: room.topic } });
  } else if (!isTooLong(server, session, text)) {
    room.topic = text;
    speaks(server, session);
    const object = { type: "topic", from, text };
    server.happened(session, { plain: `${from} set the topic: ${text}`, object }, session);
  }
}

export function history(server: ServerModel, session: Session, rest: string, inRoom: string): void {
  const room = findRoom(server, session, inRoom);
  if (room === undefined) return;
  const words = rest.split(" ");
  const since = words[0]?.toLowerCase() === "since";
  const number = words.at(-1) ?? "";
  if (rest !== "" && (words.length !== (since ? 2 : 1) || !NUMBER.test(number))) {
    const text = "/history is used like this: /history [N | since ID]";
    server.tell(session, refusal("usage", text));
    return;
  }
  const value = rest === "" ? server.settings.replay : Number(number);
  const past = room.history;
  if (since && value < past.forgottenId) {
    const text = `what was said before ${past.forgottenId} is forgotten`;
    server.tell(session, refusal("history-gap", text));
  } else if (since && value > server.lastId) {
    const text = `nothing has an id of ${BigInt(number)}: the server has begun anew`;
    server.tell(session, refusal("history-gap", text));
  }
  const said = since ? past.after(value) : past.newest(value);
  const lines = server.replay(session, room, said);
  const object = { type: "history", room: room.name, lines };
  server.tell(session, { plain: `${lines} lines of ${room.name}`, object });
}

export function isTooLong(server: ServerModel, session: Session, text: string): boolean {
  if (Array.from(text).length <= TEXT_CHARACTERS) return false;
  const told = `that may have ${TEXT_CHARACTERS} characters: yours has more`;
  server.tell(session, refusal("long-text", told));
  return true;
}
