/** Announcements of joins and leaves. No room is told of a client that has said nothing. */
import type { Room } from "./room.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";

/** Announces that a client has joined a room, before it is in the room. */
export function announceJoining(server: ServerModel, session: Session, room: Room): void {
  const from = session.name;
  session.isAnnounced = true;
  if (room.size >= server.settings.announce) return;
  room.announce({ plain: `${from} joined`, object: { type: "join", from } });
}

/** Announces that a client has left a room, if the room knew of it. */
export function announceLeaving(
  server: ServerModel,
  session: Session,
  room: Room | undefined,
): void {
  const from = session.name;
  if (room === undefined || !session.isAnnounced) return;
  session.isAnnounced = false;
  if (server.isStopping || room.size > server.settings.announce) return;
  room.announce({ plain: `${from} left`, object: { type: "leave", from } });
}

/** Handles a message of a client: before its first one, the room is told that it has joined. */
export function speaks(server: ServerModel, session: Session): void {
  const { room } = session;
  if (session.hasSpoken || room === undefined) return;
  session.hasSpoken = true;
  // The client itself does not get the announcement, and keeps its place in the room.
  const people = session.group?.people ?? room.alone;
  const order = [...people];
  room.leave(session);
  announceJoining(server, session, room);
  room.join(session);
  people.splice(0, people.length, ...order);
}
