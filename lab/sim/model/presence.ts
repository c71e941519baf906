/** Who is told that somebody is there, or is gone: nobody, of one that has said nothing. */
import type { Hall } from "./hall.js";
import type { Person } from "./member.js";
import type { Room } from "./room.js";

export function announceJoining(hall: Hall, person: Person, room: Room): void {
  const from = person.name;
  person.isAnnounced = true;
  if (room.size >= hall.settings.announce) return;
  room.announce({ plain: `${from} joined`, object: { type: "join", from } });
}

export function announceLeaving(hall: Hall, person: Person, room: Room | undefined): void {
  const from = person.name;
  if (room === undefined || !person.isAnnounced) return;
  person.isAnnounced = false;
  if (hall.isStopping || room.size > hall.settings.announce) return;
  room.announce({ plain: `${from} left`, object: { type: "leave", from } });
}

/** It says something: if it is the first line, the others in its room are told that it is there. */
export function speaks(hall: Hall, person: Person): void {
  const { room } = person;
  if (person.hasSpoken || room === undefined) return;
  person.hasSpoken = true;
  room.leave(person);
  announceJoining(hall, person, room);
  room.join(person);
}
