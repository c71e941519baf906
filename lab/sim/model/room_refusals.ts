/** The words for what the rules of a room forbid. */
import type { Membership } from "./membership.js";
import { type Fault, maySpeak } from "./room_modes.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { refusal } from "./words.js";

/** Tells a client why a room forbids something. @returns false if there is no fault */
export function tellFault(
  server: ServerModel,
  session: Session,
  fault: Fault | undefined,
  room: string,
  subject = "",
): boolean {
  if (fault === undefined) return false;
  server.tell(session, refusal(fault, textOf(fault, room, subject)));
  return true;
}

/** Tells a user that it may not speak in a room, if the room forbids that. */
export function refusesSpeaking(server: ServerModel, member: Membership): boolean {
  return tellFault(server, member.session, maySpeak(member), member.room.name);
}

function textOf(fault: Fault, room: string, subject: string): string {
  const texts: Record<Fault, string> = {
    "not-operator": `only operators of ${room} may do that`,
    banned: `you are banned from ${room}`,
    "wrong-key": `${room} has a key: /join ${room} KEY enters it`,
    "room-full": `${room} is full`,
    "invite-only": `only invited users may enter ${room}`,
    moderated: `only operators and users with a voice may speak in ${room}`,
    "no-person": `nobody here is called ${subject}`,
    "not-there": `${subject} is not in ${room}`,
    "already-there": `${subject} is in ${room}`,
    "unknown-mode": `there is no mode ${subject}: choose of b e I i k l m n o s t v C`,
    "bad-value": `mode ${subject} needs a value that fits: a name, a mask, a key or a number`,
    "list-full": `list ${subject} of ${room} is full: take something back`,
    lobby: `${room} is open to all, and nobody is sent out of it`,
    "too-many-modes": "these are too many changes for one line",
  };
  return texts[fault];
}
