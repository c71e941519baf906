/** Finds the room that a line of a client is for. */
import { excerpt } from "../../text/excerpt";
import { Chat } from "../chat";
import { SHOWN_CHARACTERS } from "../limits";
import { Membership } from "../rooms/room";
import { Session } from "../session/session";

/**
 * Returns the membership of a client in the room that its line names, or its current one. If there
 * is none, tells the client so and returns null.
 *
 * @param name the name of the room; empty if the line names none
 */
export function findMembership(chat: Chat, session: Session, name: string): Membership | null {
  if (name == "") {
    if (session.current === null) {
      session.refuse("not-in-room", "you are in no room: /join ROOM enters one");
    }
    return session.current;
  }
  const room = chat.rooms.find(name);
  if (room !== null) {
    const found = session.membershipIn(room);
    if (found !== null) return found;
  }
  const shown = excerpt(name, SHOWN_CHARACTERS);
  session.refuse("not-in-room", `you are not in ${shown}: /join ${shown} enters it`);
  return null;
}
