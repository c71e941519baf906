/** Functions that several commands about users share. */
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { SHOWN_CHARACTERS } from "./settings.js";
import { excerpt, refusal } from "./words.js";

/**
 * Applies a change that moves a session to another broadcast group: its ignored users, or its
 * style.
 */
export function rehear(session: Session, change: () => void): void {
  change();
  for (const member of session.memberships) {
    member.room.leave(member);
    member.room.join(member);
  }
}

/** Returns the user with a name, or tells the client that there is none. */
export function findPerson(
  server: ServerModel,
  session: Session,
  name: string,
): Session | undefined {
  const found = server.find(name);
  const shown = excerpt(name, SHOWN_CHARACTERS);
  if (found === undefined) {
    server.tell(session, refusal("no-person", `nobody here is called ${shown}`));
  }
  return found;
}
