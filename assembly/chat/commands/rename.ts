/** Renames users. */
import { Chat } from "../chat";
import { Recipient } from "../delivery/recipient";
import { Session } from "../session/session";

/** Gives a user a new name, which must be valid and free, and tells its rooms. */
export function renameUser(chat: Chat, session: Session, name: string): void {
  const before = session.user.name;
  chat.users.rename(session, name);
  session.user.mute = chat.admission.muteOf(session);
  chat.log.noteRenamed(name, session.remote, before);
  const self: Recipient | null = session.protocol.hasSeveralRooms ? session : null;
  chat.presence.tellRenamed(session.user, before, session.memberships, self, session.hasSpoken);
  // The observer comes after the NICK line, since a client may watch its own names.
  chat.users.tellRenamed(session, before);
  chat.roomLimiter.countInAllRooms(session);
}
