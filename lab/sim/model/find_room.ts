/** Finds the room that a line of a client is for. */
import type { Room } from "./room.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { SHOWN_CHARACTERS } from "./settings.js";
import { excerpt, refusal } from "./words.js";

/** Returns the room of a session that its line names, or tells the client that there is none. */
export function findRoom(server: ServerModel, session: Session, name: string): Room | undefined {
  const found = name === "" ? session.room : server.rooms.find(name);
  if (found !== undefined && found === session.room) return found;
  const shown = excerpt(name, SHOWN_CHARACTERS);
  const text = `you are not in ${shown}: /join ${shown} enters it`;
  server.tell(session, refusal("not-in-room", text));
  return undefined;
}
