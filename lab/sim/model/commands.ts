/** The commands that people may type, by reference/commands.md, and what they are answered. */
import { faultOf, keyOf } from "./names.js";
import * as rooms from "./room_commands.js";
import { isTooLong } from "./room_commands.js";
import type { Hall } from "./hall.js";
import { about } from "./log.js";
import { durationText } from "./penalties.js";
import { IGNORED_MOST, SHOWN_CHARACTERS } from "./settings.js";
import type { Person } from "./member.js";
import { afterFirstWord, excerpt, firstWord, refusal } from "./words.js";

type Run = (hall: Hall, person: Person, rest: string) => void;

interface Command {
  name: string;
  takes: string;
  help: string;
  /** Words that follow. */
  least: number;
  most: number;
  run: Run;
}

const ANY = Infinity;

/** @param usage `/nick NAME` */
function command(usage: string, help: string, least: number, most: number, run: Run): Command {
  return { name: firstWord(usage), takes: usage, help, least, most, run };
}

const COMMANDS: readonly Command[] = [
  command("/help [COMMAND]", "what you can type", 0, 1, help),
  command("/nick NAME", "choose your name", 1, 1, nick),
  command("/join ROOM", "go to another room", 1, 1, rooms.join),
  command("/part", "go back to the lobby", 0, 0, rooms.part),
  command("/rooms", "which rooms there are", 0, 0, rooms.list),
  command("/who [ROOM]", "who is here, or in a room", 0, 1, rooms.who),
  command("/whois NAME", "what is known of somebody", 1, 1, whois),
  command("/msg NAME TEXT", "speak to one person alone", 2, ANY, msg),
  command("/reply TEXT", "answer who spoke to you alone last", 1, ANY, reply),
  command("/me TEXT", "say what you are doing", 1, ANY, (hall, person, text) =>
    hall.say(person, "action", Buffer.from(text)),
  ),
  command("/topic [TEXT]", "read or set what the room is about", 0, ANY, rooms.topic),
  command("/history [N | since ID]", "what was said before", 0, 2, rooms.history),
  command("/away [TEXT]", "say that you are away, or back", 0, ANY, away),
  command("/ignore [NAME]", "hear somebody no more, or again", 0, 1, ignore),
  command("/style [NAME]", "read as people do, line, or as programs, json", 0, 1, style),
  command("/ping [TEXT]", "get an answer", 0, ANY, ping),
  command("/quit", "leave", 0, 0, (hall, person) => hall.close(person, "quit")),
];

export function commandLine(hall: Hall, person: Person, line: string): void {
  const typed = firstWord(line);
  const rest = afterFirstWord(line);
  const found = find(typed);
  const words = rest.split(" ").filter((word) => word !== "").length;
  if (found === undefined) {
    hall.tell(person, unknown(typed));
  } else if (words < found.least || words > found.most) {
    hall.tell(person, refusal("usage", `${found.name} is used like this: ${found.takes}`));
  } else if (!isHeard(hall, found.name, rest) || !hall.isMute(person)) {
    found.run(hall, person, rest);
  }
}

/** Whether others notice what this command does, beyond coming and going. */
function isHeard(hall: Hall, name: string, rest: string): boolean {
  if (name === "/topic" || name === "/away") return rest !== "";
  if (name === "/join") return hall.rooms.find(rest) === undefined;
  return ["/nick", "/msg", "/reply", "/me"].includes(name);
}

function find(name: string): Command | undefined {
  const lower = name.toLowerCase();
  return COMMANDS.find((one) => one.name === lower);
}

function unknown(typed: string) {
  const hint = "/help lists them, and // says a line that begins with a slash";
  const shown = excerpt(typed, SHOWN_CHARACTERS);
  return refusal("unknown-command", `there is no command ${shown}: ${hint}`);
}

function help(hall: Hall, person: Person, name: string): void {
  if (name !== "") {
    const found = find(name.startsWith("/") ? name : `/${name}`);
    hall.tell(person, found === undefined ? unknown(name) : `${found.takes}: ${found.help}`);
    return;
  }
  hall.tell(person, "what you type is said to everybody in your room; these are commands:");
  for (const one of COMMANDS) hall.tell(person, `${one.takes.padEnd(24)} ${one.help}`);
}

function nick(hall: Hall, person: Person, name: string): void {
  const fault = faultOf(name);
  if (fault !== undefined) {
    const shown = excerpt(name, SHOWN_CHARACTERS);
    hall.tell(person, refusal("bad-name", `"${shown}" cannot be a name: ${fault}`));
    return;
  }
  const other = hall.find(name);
  const from = person.name;
  if (other !== undefined && other !== person) {
    const text = `somebody is called ${other.name}: choose a name that looks different`;
    hall.tell(person, refusal("name-taken", text));
  } else if (hall.bans.ofName(name, hall.around.seconds()) !== undefined) {
    hall.tell(person, refusal("name-banned", `${name} is banned here: choose another name`));
  } else if (name === from) {
    hall.tell(person, `you are ${name}`);
  } else {
    hall.rename(person, name);
    person.mute = hall.muteOf(person);
    const message = `${from} is now ${name}`;
    hall.around.log({ event: "renamed", message, fields: { ...about(person), before: from } });
    const object = { type: "nick", from, to: name };
    hall.happened(person, { plain: `${from} is now ${name}`, object });
  }
}

function whois(hall: Hall, person: Person, wanted: string): void {
  const found = findPerson(hall, person, wanted);
  if (found?.room === undefined) return;
  const { name, away, since } = found;
  const seconds = hall.secondsSince(since);
  const room = found.room.name;
  const reason = away === "" ? "" : `, away: ${away}`;
  const plain = `${name} is in ${room}, here for ${durationText(seconds)}${reason}`;
  hall.tell(person, { plain, object: { type: "whois", name, room, seconds, away } });
}

function msg(hall: Hall, person: Person, rest: string): void {
  const other = findPerson(hall, person, firstWord(rest));
  if (other !== undefined) whisper(hall, person, other, afterFirstWord(rest));
}

function reply(hall: Hall, person: Person, text: string): void {
  const other = person.correspondent;
  if (other === undefined) {
    const hint = "nobody has spoken to you alone yet: /msg NAME TEXT does";
    hall.tell(person, refusal("no-reply", hint));
  } else if (!hall.has(other.person)) {
    person.correspondent = undefined;
    hall.tell(person, refusal("no-person", `${other.name} is not here any more`));
  } else {
    whisper(hall, person, other.person, text);
  }
}

function whisper(hall: Hall, person: Person, other: Person, text: string): void {
  const object = { type: "private", from: person.name, to: other.name, text };
  hall.tell(person, { plain: `you -> ${other.name}: ${text}`, object });
  if (other.away !== "") {
    const plain = `${other.name} is away: ${other.away}`;
    hall.tell(person, { plain, object: { type: "away", name: other.name, text: other.away } });
  }
  if (other !== person && other.ignored.has(person.key)) return;
  other.correspondent = { person, name: person.name };
  hall.tell(other, { plain: `${person.name} -> you: ${text}`, object });
  hall.rest(person, other.pressedUntil);
}

function away(hall: Hall, person: Person, text: string): void {
  if (isTooLong(hall, person, text)) return;
  person.away = text;
  const plain = text === "" ? "you are back" : `you are away: ${text}`;
  hall.tell(person, { plain, object: { type: "away", name: person.name, text } });
}

function ignore(hall: Hall, person: Person, name: string): void {
  const { ignored } = person;
  if (name === "") {
    const many = ignored.size === 0 ? "you ignore nobody" : `you ignore ${ignored.size} people`;
    hall.tell(person, many);
    return;
  }
  const key = keyOf(name);
  if (ignored.has(key)) {
    rehear(person, () => ignored.delete(key));
    hall.tell(person, `you hear ${name} again`);
  } else if (key === person.key) {
    hall.tell(person, refusal("ignore", "you cannot ignore yourself"));
  } else if (ignored.size >= IGNORED_MOST) {
    const text = `you ignore ${IGNORED_MOST} people, which is all you can`;
    hall.tell(person, refusal("ignore", text));
  } else if (findPerson(hall, person, name) !== undefined) {
    rehear(person, () => ignored.add(key));
    hall.tell(person, `you ignore ${name}: /ignore ${name} again ends that`);
  }
}

/** Whoever ignores somebody, or reads in another style, hears with others. */
function rehear(person: Person, change: () => void): void {
  const { room } = person;
  room?.leave(person);
  change();
  room?.join(person);
}

function style(hall: Hall, person: Person, name: string): void {
  const wanted = name.toLowerCase();
  if (name === "") {
    hall.tell(person, `your style is ${person.style}`);
  } else if (wanted !== "line" && wanted !== "json") {
    const shown = excerpt(name, SHOWN_CHARACTERS);
    hall.tell(person, refusal("no-style", `there is no style ${shown}: choose line or json`));
  } else {
    rehear(person, () => {
      person.style = wanted;
    });
    if (wanted === "line") hall.tell(person, "your style is line");
    else if (person.room !== undefined) hall.introduce(person, person.room);
  }
}

function ping(hall: Hall, person: Person, text: string): void {
  const plain = text === "" ? "pong" : `pong ${text}`;
  hall.tell(person, { plain, object: { type: "pong", text } });
}

function findPerson(hall: Hall, person: Person, name: string): Person | undefined {
  const found = hall.find(name);
  const shown = excerpt(name, SHOWN_CHARACTERS);
  if (found === undefined) {
    hall.tell(person, refusal("no-person", `nobody here is called ${shown}`));
  }
  return found;
}
