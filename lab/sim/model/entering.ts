/** Users enter rooms, get a welcome and old messages, and leave. */
import { Membership } from "./membership.js";
import type { Message } from "./message.js";
import { announceJoining, deferJoining, tellLeft, tellParted } from "./presence.js";
import type { Room } from "./room.js";
import { RoomModes } from "./room_modes.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";

export function enterRoom(server: ServerModel, session: Session, room: Room): void {
  const isListed = session.hasSpoken && announceJoining(server, session, room);
  if (!server.has(session)) return;
  const member = new Membership(room, session);
  member.isAnnounced = session.hasSpoken;
  member.isListed = isListed;
  room.join(member);
  session.memberships.push(member);
  if (session.hasSpoken && !isListed) deferJoining(server, member);
  room.invited = room.invited.filter((one) => one !== session);
  member.isOperator = room.size === 1 && room !== server.rooms.lobby;
  if (session.style === "tutorial") return;
  introduce(server, session, room);
  if (session.style !== "line") return;
  if (room.topic !== "") server.tell(session, `topic: ${room.topic}`);
  replay(session, room, room.history.newest(server.settings.replay));
}

export function introduce(server: ServerModel, session: Session, room: Room): void {
  const [you, { name, topic, size: people }] = [session.name, room];
  const plain = `you are ${you} in ${name} (${people} here); /help says what you can type`;
  const version = session.style === "json2" ? 2 : 1;
  const object = { type: "welcome", version, you, room: name, topic, people };
  server.tell(session, { plain, object: { ...object, last: server.lastId, epoch: server.epoch } });
}

/** Sends a user old messages, without those of users that it ignores. @returns their number */
export function replay(session: Session, room: Room, lines: readonly Message[]): number {
  const heard = lines.filter(({ author }) => author === undefined || !session.ignored.has(author));
  for (const said of heard) session.outbox.say(room.render(said, session.style));
  return heard.length;
}

/** Removes a user from a room, and announces that there. */
export function leaveRoom(server: ServerModel, member: Membership): void {
  takeOut(server, member);
  tellLeft(server, member);
}

/** Removes a user from a room, announces that there, and tells the user. */
export function partRoom(server: ServerModel, member: Membership): void {
  leaveRoom(server, member);
  tellParted(server, member);
}

export function takeOut(server: ServerModel, member: Membership): void {
  const { room, session } = member;
  room.leave(member);
  session.memberships.splice(session.memberships.indexOf(member), 1);
  room.emptySince = server.context.tick();
  if (room.size > 0 || room === server.rooms.lobby) return;
  if (room.modes.isPrivate) {
    server.rooms.remove(room);
    return;
  }
  room.modes = new RoomModes();
  room.invited = [];
}

/** Removes a user from all rooms. @returns the former memberships, in their order */
export function takeOutOfAll(server: ServerModel, session: Session): Membership[] {
  const members = [...session.memberships];
  for (const member of members) takeOut(server, member);
  return members;
}
