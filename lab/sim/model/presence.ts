/** Announcements of joins and leaves. No room is told of a client that has said nothing. */
import type { Room } from "./room.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { joined, left } from "./words.js";

/** Announces that a client has joined a room, before it is in the room. */
export function announceJoining(server: ServerModel, session: Session, room: Room): void {
  session.isAnnounced = true;
  if (room.size >= server.settings.announce) return;
  const pending = server.announcements.of(room);
  if (pending.allowsOne()) room.announce(joined(session.name));
  else pending.join(session);
}

/** Announces that a client has left a room, if the room knew of it. */
export function announceLeaving(
  server: ServerModel,
  session: Session,
  room: Room | undefined,
): void {
  if (room === undefined || !session.isAnnounced) return;
  session.isAnnounced = false;
  if (server.isStopping) return;
  const pending = server.announcements.of(room);
  if (pending.forgets(session) || room.size > server.settings.announce) return;
  if (pending.allowsOne()) room.announce(left(session.name));
  else pending.leave(session.name);
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
