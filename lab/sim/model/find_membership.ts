/** Finds the room that a line of a client is for. */
import type { Membership } from "./membership.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { SHOWN_CHARACTERS } from "./settings.js";
import { excerpt, refusal } from "./words.js";

/** Returns the membership in the room that a line names, or tells the client that it has none. */
export function findMembership(
  server: ServerModel,
  session: Session,
  name: string,
): Membership | undefined {
  const found =
    name === "" ? session.memberships.at(-1) : server.rooms.find(name)?.memberOf(session);
  if (found !== undefined) return found;
  const shown = excerpt(name, SHOWN_CHARACTERS);
  const text =
    name === ""
      ? "you are in no room: /join ROOM enters one"
      : `you are not in ${shown}: /join ${shown} enters it`;
  server.tell(session, refusal("not-in-room", text));
  return undefined;
}
