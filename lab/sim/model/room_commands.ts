/** The commands that have to do with a room: who is where, and what is said there. */
import type { Hall } from "./hall.js";
import { faultOf } from "./names.js";
import type { Room } from "./room.js";
import { NAMES_LISTED, SHOWN_CHARACTERS, TEXT_CHARACTERS } from "./settings.js";
import type { Person } from "./member.js";
import { speaks } from "./presence.js";
import { excerpt, refusal } from "./words.js";

/** Digits, and few enough for a whole number of 64 bits. */
const NUMBER = /^\d{1,18}$/;

export function join(hall: Hall, person: Person, name: string): void {
  const known = hall.rooms.find(name);
  const shown = excerpt(name, SHOWN_CHARACTERS);
  if (known !== undefined && known === person.room) {
    hall.tell(person, `you are in ${known.name}`);
    return;
  }
  const fault = known === undefined ? faultOf(name) : undefined;
  if (fault !== undefined) {
    hall.tell(person, refusal("bad-name", `"${shown}" cannot be a room: ${fault}`));
    return;
  }
  const room = hall.rooms.open(name);
  if (room === undefined) {
    const text = "there are too many rooms: join one of them";
    hall.tell(person, refusal("too-many-rooms", text));
  } else {
    move(hall, person, room);
  }
}

export function part(hall: Hall, person: Person): void {
  const { lobby } = hall.rooms;
  if (person.room === lobby) hall.tell(person, "you are in the lobby: /quit leaves");
  else move(hall, person, lobby);
}

function move(hall: Hall, person: Person, room: Room): void {
  hall.leave(person);
  hall.enter(person, room);
}

export function list(hall: Hall, person: Person): void {
  const all = [...hall.rooms.byKey.values()];
  for (const { name: room, size: people, topic } of all.slice(0, NAMES_LISTED)) {
    const plain = `${room} (${people})${topic === "" ? "" : `: ${topic}`}`;
    hall.tell(person, { plain, object: { type: "room", room, people, topic } });
  }
  if (all.length > NAMES_LISTED) hall.tell(person, `and ${all.length - NAMES_LISTED} more`);
}

export function who(hall: Hall, person: Person, name: string): void {
  const found = name === "" ? person.room : hall.rooms.find(name);
  if (found === undefined) {
    const shown = excerpt(name, SHOWN_CHARACTERS);
    hall.tell(person, refusal("no-room", `there is no room ${shown}`));
    return;
  }
  // Of a crowd only some are looked at: which is left to the module, and follows its lists.
  const listed = found.people.slice(0, NAMES_LISTED);
  const described = listed.map((one) => (one.away === "" ? one.name : `${one.name} (away)`)).sort();
  const names = listed.map((one) => one.name).sort();
  const gone = listed.filter((one) => one.away !== "").map((one) => one.name);
  const { name: room, size: people } = found;
  const more = people > NAMES_LISTED ? ` and ${people - NAMES_LISTED} more` : "";
  const plain = `${room} (${people}): ${described.join(", ")}${more}`;
  hall.tell(person, { plain, object: { type: "who", room, people, names, away: gone.sort() } });
}

export function topic(hall: Hall, person: Person, text: string): void {
  const { room, name: from } = person;
  if (room === undefined) return;
  if (text === "") {
    const plain = room.topic === "" ? "there is no topic" : `topic: ${room.topic}`;
    hall.tell(person, { plain, object: { type: "topic", room: room.name, text: room.topic } });
  } else if (!isTooLong(hall, person, text)) {
    room.topic = text;
    speaks(hall, person);
    const object = { type: "topic", from, text };
    hall.happened(person, { plain: `${from} set the topic: ${text}`, object });
  }
}

export function history(hall: Hall, person: Person, rest: string): void {
  const { room } = person;
  if (room === undefined) return;
  const words = rest.split(" ");
  const since = words[0]?.toLowerCase() === "since";
  const number = words.at(-1) ?? "";
  if (rest !== "" && (words.length !== (since ? 2 : 1) || !NUMBER.test(number))) {
    const text = "/history is used like this: /history [N | since ID]";
    hall.tell(person, refusal("usage", text));
    return;
  }
  const value = rest === "" ? hall.settings.replay : Number(number);
  const past = room.history;
  if (since && value < past.forgottenId) {
    const text = `what was said before ${past.forgottenId} is forgotten`;
    hall.tell(person, refusal("history-gap", text));
  } else if (since && value > hall.lastId) {
    const text = `nothing has an id of ${BigInt(number)}: the server has begun anew`;
    hall.tell(person, refusal("history-gap", text));
  }
  const said = since ? past.after(value) : past.newest(value);
  const lines = hall.replay(person, room, said);
  const object = { type: "history", room: room.name, lines };
  hall.tell(person, { plain: `${lines} lines of ${room.name}`, object });
}

export function isTooLong(hall: Hall, person: Person, text: string): boolean {
  if (Array.from(text).length <= TEXT_CHARACTERS) return false;
  const told = `that may have ${TEXT_CHARACTERS} characters: yours has more`;
  hall.tell(person, refusal("long-text", told));
  return true;
}
