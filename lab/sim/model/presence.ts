/**
 * Tells rooms which users join, leave and rename. No room is told of a client that has never sent a
 * line. Clients with several rooms keep lists, so they are told more: see
 * docs/reference/protocol.md.
 */
import type { Membership } from "./membership.js";
import { renderNews, type Room } from "./room.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { hasSeveralRooms } from "./settings.js";
import { joined, left, type News } from "./words.js";

/**
 * Announces a client to the others in a room.
 *
 * @param member its membership, if it is in the room already
 * @returns false if the room is too large, or the announcement must wait: see {@link deferJoining}
 */
export function announceJoining(
  server: ServerModel,
  session: Session,
  room: Room,
  member?: Membership,
): boolean {
  const others = member === undefined ? room.size : room.size - 1;
  if (others >= server.settings.announce) return false;
  if (!server.announcements.of(room).allowsOne()) return false;
  const isListed = member?.isListed === true;
  room.announce(joined({ session, room }), isListed ? "one room" : "all", member);
  return true;
}

/** Queues the announcement that a client has joined, unless the room is too large. */
export function deferJoining(server: ServerModel, member: Membership): void {
  const { room } = member;
  if (room.size <= server.settings.announce) server.announcements.of(room).addJoined(member);
}

/** Makes clients with several rooms list a user, before it does something in the room. */
export function list(member: Membership): void {
  if (member.isListed) return;
  member.isListed = true;
  member.room.announce(joined(member), "several rooms", member);
}

/**
 * Tells a room that a member has kicked a user, or changed the topic or the modes. In a large room,
 * of the clients with one room, only the member is told.
 *
 * @param author the user whose words the event contains: sessions that ignore this user do not get
 * it
 */
export function tellOperation(
  server: ServerModel,
  member: Membership,
  news: News,
  author?: Session,
): void {
  const { room, session } = member;
  const isSmall = room.size <= server.settings.announce;
  list(member);
  if (isSmall) room.announce(news, "one room", undefined, author);
  room.announce(news, "several rooms", undefined, author);
  if (isSmall || member.hasSeveralRooms) return;
  server.tell(session, { ...news, object: { ...news.object, room: room.name } });
}

export function tellRenamed(server: ServerModel, session: Session, from: string): void {
  const to = session.name;
  const several = hasSeveralRooms(session.style);
  const plain = `${from} is now ${to}`;
  for (const { room } of session.memberships) {
    const news = { plain, object: { type: "nick", from, to, room: room.name } };
    const isTold = session.hasSpoken && room.size <= server.settings.announce;
    if (isTold) room.announce(news, "one room");
    else if (!several) server.tell(session, news);
  }
  const news = { plain, object: {}, second: { type: "nick", from, to } };
  tellOnce(news, session.memberships, several ? session : undefined);
}

/** Tells a room that a user has left it. */
export function tellLeft(server: ServerModel, member: Membership): void {
  if (server.isStopping) return;
  tellOneRoom(server, member);
  if (member.isListed) member.room.announce(left(member), "several rooms");
}

/**
 * Tells the clients with one room that a user has left it: now, or with others once the rate
 * allows.
 */
function tellOneRoom(server: ServerModel, member: Membership): void {
  const { room } = member;
  const pending = server.announcements.of(room);
  if (!member.isAnnounced || pending.forgets(member)) return;
  if (room.size > server.settings.announce) return;
  if (pending.allowsOne()) room.announce(left(member), "one room");
  else pending.addLeft(member);
}

/** Tells a client that it has left a room. */
export function tellParted(server: ServerModel, member: Membership): void {
  server.tell(member.session, left(member));
}

/** Tells the former rooms of a user that it has left the server. */
export function tellQuit(server: ServerModel, members: readonly Membership[], why: string): void {
  const [first] = members;
  if (server.isStopping || first === undefined) return;
  for (const member of members) tellOneRoom(server, member);
  const { name: from } = first.session;
  const second = { type: "quit", from, reason: why };
  tellOnce({ plain: `${from} left`, object: {}, second }, members, undefined);
}

/** Tells each client with several rooms once, and a client itself in any case. */
function tellOnce(news: News, members: readonly Membership[], self: Session | undefined): void {
  const told = new Set<Session>();
  if (self !== undefined) {
    told.add(self);
    self.outbox.say(renderNews(news, self.style));
  }
  for (const member of members) if (member.isListed) member.room.announceOnce(news, told);
}

/** Handles a line of a client. At its first line, the others in its rooms are told of it. */
export function speaks(server: ServerModel, session: Session): void {
  if (session.hasSpoken || !server.has(session)) return;
  session.hasSpoken = true;
  for (const member of session.memberships) {
    if (announceJoining(server, session, member.room, member)) member.isListed = true;
    else deferJoining(server, member);
    member.isAnnounced = true;
  }
}
