/** Announcements of joins and leaves. No room is told of a client that has said nothing. */
import { about, clientText } from "./log.js";
import type { Room } from "./room.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";

/** Logs a client once: one behind a proxy only when it says something. */
export function logArrival(server: ServerModel, session: Session): void {
  if (session.isLogged) return;
  session.isLogged = true;
  const people = server.people.size;
  const message = `${clientText(session)} joined (${people} here)`;
  server.context.log({ event: "joined", message, fields: { ...about(session), people } });
}

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
  room.leave(session);
  announceJoining(server, session, room);
  room.join(session);
}
