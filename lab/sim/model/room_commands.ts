/** The commands about rooms: /join, /part, /rooms, /who, /topic and /history. */
import { enterRoom, leaveRoom, partRoom, replay } from "./entering.js";
import { findMembership } from "./find_membership.js";
import type { Membership } from "./membership.js";
import { mayEnter, maySetTopic } from "./room_modes.js";
import { tellFault } from "./room_refusals.js";
import type { ServerModel } from "./server.js";
import { faultOf } from "./names.js";
import type { Room } from "./room.js";
import { hasSeveralRooms, NAMES_LISTED, SHOWN_CHARACTERS, TEXT_CHARACTERS } from "./settings.js";
import { speaks, tellOperation } from "./presence.js";
import type { Session } from "./session.js";
import { afterFirstWord, countText, excerpt, firstWord, refusal } from "./words.js";

/** Digits, few enough for an integer of 64 bits. */
const NUMBER = /^\d{1,18}$/;

export function join(server: ServerModel, session: Session, rest: string): void {
  const name = firstWord(rest);
  const known = server.rooms.find(name);
  const shown = excerpt(name, SHOWN_CHARACTERS);
  if (known?.memberOf(session) !== undefined) {
    server.tell(session, `you are in ${known.name}`);
    return;
  }
  const fault = known === undefined ? faultOf(name) : undefined;
  if (fault !== undefined) {
    server.tell(session, refusal("bad-name", `"${shown}" cannot be a room: ${fault}`));
    return;
  }
  const several = hasSeveralRooms(session.style);
  const most = server.settings.roomsPerClient;
  if (several && session.memberships.length >= most) {
    const rooms = countText(most, "room");
    const text = `you are in ${rooms}, which is all you can: /part leaves one`;
    server.tell(session, refusal("rooms-per-client", text));
    return;
  }
  const room = server.rooms.open(name);
  if (room === undefined) {
    const text = "there are too many rooms: join one of them";
    server.tell(session, refusal("too-many-rooms", text));
  } else {
    const refused = mayEnter(room, session, afterFirstWord(rest));
    if (tellFault(server, session, refused, room.name)) return;
    if (several) enterRoom(server, session, room);
    else move(server, session, room);
  }
}

export function part(server: ServerModel, session: Session, _rest: string, inRoom: string): void {
  const { lobby } = server.rooms;
  const at = findMembership(server, session, inRoom);
  if (at === undefined) return;
  if (hasSeveralRooms(session.style)) partRoom(server, at);
  else if (at.room === lobby) server.tell(session, "you are in the lobby: /quit leaves");
  else move(server, session, lobby);
}

function isShown(room: Room, session: Session): boolean {
  return !room.modes.has("s") || room.memberOf(session) !== undefined;
}

function move(server: ServerModel, session: Session, room: Room): void {
  for (const member of [...session.memberships]) leaveRoom(server, member);
  enterRoom(server, session, room);
}

export function list(server: ServerModel, session: Session): void {
  const all = [...server.rooms.byKey.values()].filter((room) => isShown(room, session));
  for (const { name: room, size: people, topic } of all.slice(0, NAMES_LISTED)) {
    const plain = `${room} (${people})${topic === "" ? "" : `: ${topic}`}`;
    server.tell(session, { plain, object: { type: "room", room, people, topic } });
  }
  if (all.length > NAMES_LISTED) server.tell(session, `and ${all.length - NAMES_LISTED} more`);
}

export function who(server: ServerModel, session: Session, name: string, inRoom: string): void {
  const at = name === "" ? findMembership(server, session, inRoom) : undefined;
  if (name === "" && at === undefined) return;
  const found = at?.room ?? server.rooms.find(name);
  if (found === undefined || !isShown(found, session)) {
    const shown = excerpt(name, SHOWN_CHARACTERS);
    server.tell(session, refusal("no-room", `there is no room ${shown}`));
    return;
  }
  // The guest lists only some users of a large room. Which ones they are depends on its own lists,
  // which the model follows.
  const several = hasSeveralRooms(session.style);
  const members = found.members
    .slice(0, NAMES_LISTED)
    .filter((one) => !several || one.isListed || one.session === session);
  const namesOf = (some: readonly Membership[]) => some.map((one) => one.session.name).sort();
  const listed = members.map((one) => one.session);
  const described = listed.map((one) => (one.away === "" ? one.name : `${one.name} (away)`)).sort();
  const names = listed.map((one) => one.name).sort();
  const gone = listed.filter((one) => one.away !== "").map((one) => one.name);
  const { name: room, size: people } = found;
  const more = people > NAMES_LISTED ? ` and ${people - NAMES_LISTED} more` : "";
  const plain = `${room} (${people}): ${described.join(", ")}${more}`;
  const object = { type: "who", room, people, names, away: gone.sort() };
  const operators = namesOf(members.filter(({ isOperator }) => isOperator));
  const voices = namesOf(members.filter(({ isVoiced }) => isVoiced));
  server.tell(session, { plain, object, second: { ...object, operators, voices } });
}

export function topic(server: ServerModel, session: Session, text: string, inRoom: string): void {
  const { name: from } = session;
  const at = findMembership(server, session, inRoom);
  if (at === undefined) return;
  const { room } = at;
  if (text === "") {
    const plain = room.topic === "" ? "there is no topic" : `topic: ${room.topic}`;
    server.tell(session, { plain, object: { type: "topic", room: room.name, text: room.topic } });
  } else if (!isTooLong(server, session, text)) {
    speaks(server, session);
    if (tellFault(server, session, maySetTopic(at), room.name)) return;
    room.topic = text;
    const object = { type: "topic", from, text };
    tellOperation(server, at, { plain: `${from} set the topic: ${text}`, object }, session);
  }
}

export function history(server: ServerModel, session: Session, rest: string, inRoom: string): void {
  const room = findMembership(server, session, inRoom)?.room;
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
  const lines = replay(session, room, said);
  const object = { type: "history", room: room.name, lines };
  server.tell(session, { plain: `${lines} lines of ${room.name}`, object });
}

export function isTooLong(server: ServerModel, session: Session, text: string): boolean {
  if (Array.from(text).length <= TEXT_CHARACTERS) return false;
  const told = `that may have ${TEXT_CHARACTERS} characters: yours has more`;
  server.tell(session, refusal("long-text", told));
  return true;
}
