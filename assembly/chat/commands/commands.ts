/** From a line that begins with a slash to what it does. Whatever is wrong with it is told. */
import { CloseReason } from "../../net/connection/close_reason";
import { durationText } from "../../text/duration";
import { excerpt } from "../../text/excerpt";
import { JsonObject } from "../../text/json";
import { checkName, NameFault, nameFaultText } from "../../text/names";
import { afterFirstWord, firstWord } from "../../text/words";
import { Command, CommandId, commands, findCommand } from "./command_table";
import { Chat } from "../chat";
import { IGNORED_MOST, THROTTLE_SECONDS, SHOWN_CHARACTERS } from "../limits";
import { nameKey } from "../users/name_key";
import { happened, isTooLong, RoomCommands } from "./room_commands";
import { MessageKind } from "../delivery/message";
import { Session } from "../session/session";
import { NO_STYLE, parseStyle, Style, styleName } from "../protocol/style";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";

export function runCommand(chat: Chat, session: Session, line: string): void {
  const typed = firstWord(line);
  const rest = afterFirstWord(line);
  const command = findCommand(typed);
  if (command === null) {
    refuseUnknown(session, typed);
  } else if (!command.takes(rest)) {
    session.refuse("usage", `${command.name} is used like this: ${command.usage}`);
  } else if (!isHeard(chat, session, command.id, rest) || !chat.admission.refusesMute(session)) {
    run(chat, command, session, rest);
  }
}

/** Whether others notice what this command does, beyond coming and going. */
function isHeard(chat: Chat, session: Session, id: CommandId, rest: string): bool {
  if (id == CommandId.TOPIC || id == CommandId.AWAY) return rest != "";
  // The name of a new room is for all to read.
  if (id == CommandId.JOIN) return chat.rooms.find(rest) === null;
  return id == CommandId.NICK || id == CommandId.MSG || id == CommandId.REPLY || id == CommandId.ME;
}

function run(chat: Chat, command: Command, session: Session, rest: string): void {
  switch (command.id) {
    case CommandId.HELP:
      help(session, rest);
      break;
    case CommandId.NICK:
      nick(chat, session, rest);
      break;
    case CommandId.JOIN:
      RoomCommands.join(chat, session, rest);
      break;
    case CommandId.PART:
      RoomCommands.part(chat, session);
      break;
    case CommandId.ROOMS:
      RoomCommands.rooms(chat, session);
      break;
    case CommandId.WHO:
      RoomCommands.who(chat, session, rest);
      break;
    case CommandId.WHOIS:
      whois(chat, session, rest);
      break;
    case CommandId.MSG:
      msg(chat, session, rest);
      break;
    case CommandId.REPLY:
      reply(chat, session, rest);
      break;
    case CommandId.ME:
      me(chat, session, rest);
      break;
    case CommandId.TOPIC:
      RoomCommands.topic(chat, session, rest);
      break;
    case CommandId.HISTORY:
      RoomCommands.history(chat, session, rest);
      break;
    case CommandId.AWAY:
      away(session, rest);
      break;
    case CommandId.IGNORE:
      ignore(chat, session, rest);
      break;
    case CommandId.STYLE:
      style(chat, session, rest);
      break;
    case CommandId.PING:
      ping(session, rest);
      break;
    case CommandId.QUIT:
      quit(session);
      break;
  }
}

function help(session: Session, name: string): void {
  if (name != "") {
    const command = findCommand(name.startsWith("/") ? name : "/" + name);
    if (command === null) refuseUnknown(session, name);
    else session.tell(`${command.usage}: ${command.help}`);
    return;
  }
  session.tell("what you type is said to everybody in your room; these are commands:");
  for (let i = 0; i < commands.length; i++) {
    session.tell(`${commands[i].usage.padEnd(24)} ${commands[i].help}`);
  }
}

function refuseUnknown(session: Session, typed: string): void {
  const shown = excerpt(typed, SHOWN_CHARACTERS);
  const hint = "/help lists them, and // says a line that begins with a slash";
  session.refuse("unknown-command", `there is no command ${shown}: ${hint}`);
}

function nick(chat: Chat, session: Session, name: string): void {
  const shown = excerpt(name, SHOWN_CHARACTERS);
  const fault = checkName(name);
  const users = chat.users;
  const other = users.find(name);
  if (fault != NameFault.NONE) {
    session.refuse("bad-name", `"${shown}" cannot be a name: ${nameFaultText(fault)}`);
  } else if (other !== null && other !== session) {
    const hint = "choose a name that looks different";
    session.refuse("name-taken", `somebody is called ${other.name}: ${hint}`);
  } else if (chat.admission.bans.ofName(name, chat.now) !== null) {
    session.refuse("name-banned", `${name} is banned here: choose another name`);
  } else if (name == session.name) {
    session.tell(`you are ${name}`);
  } else {
    const before = session.name;
    users.rename(session, name);
    session.mute = chat.admission.muteOf(session);
    chat.log.renamed(name, session.remote, before);
    const object = new JsonObject("nick").text("from", before).text("to", name);
    happened(chat, session, `${before} is now ${name}`, object);
  }
}

function whois(chat: Chat, session: Session, name: string): void {
  const person = findPerson(chat, session, name);
  if (person === null) return;
  const seconds = (chat.loop.now - person.since) / NANOSECONDS_PER_SECOND;
  const away = person.away == "" ? "" : `, away: ${person.away}`;
  const object = new JsonObject("whois")
    .text("name", person.name)
    .text("room", person.roomName)
    .number("seconds", seconds)
    .text("away", person.away);
  const here = `in ${person.roomName}, here for ${durationText(seconds)}`;
  session.tellEvent(`${person.name} is ${here}${away}`, object);
}

function msg(chat: Chat, session: Session, rest: string): void {
  const person = findPerson(chat, session, firstWord(rest));
  if (person !== null) whisper(chat, session, person, afterFirstWord(rest));
}

function reply(chat: Chat, session: Session, text: string): void {
  if (session.correspondent == 0) {
    session.refuse("no-reply", "nobody has spoken to you alone yet: /msg NAME TEXT does");
    return;
  }
  const person = chat.users.withId(session.correspondent);
  if (person === null) {
    session.correspondent = 0;
    session.refuse("no-person", `${session.correspondentName} is not here any more`);
  } else {
    whisper(chat, session, person, text);
  }
}

function me(chat: Chat, session: Session, text: string): void {
  chat.sayText(session, MessageKind.ACTION, text);
}

function away(session: Session, text: string): void {
  if (isTooLong(session, text)) return;
  session.away = text;
  const plain = text == "" ? "you are back" : `you are away: ${text}`;
  session.tellEvent(plain, awayObject(session));
}

/** The object that tells why a user is away; its text is empty when the user is back. */
function awayObject(person: Session): JsonObject {
  return new JsonObject("away").text("name", person.name).text("text", person.away);
}

function ignore(chat: Chat, session: Session, name: string): void {
  const ignored = session.ignored;
  if (name == "") {
    session.tell(ignored.size == 0 ? "you ignore nobody" : `you ignore ${ignored.size} people`);
    return;
  }
  const key = nameKey(name);
  if (ignored.has(key)) {
    hearing(session, key, false);
    session.tell(`you hear ${name} again`);
  } else if (key == session.key) {
    session.refuse("ignore", "you cannot ignore yourself");
  } else if (ignored.size >= IGNORED_MOST) {
    session.refuse("ignore", `you ignore ${IGNORED_MOST} people, which is all you can`);
  } else if (findPerson(chat, session, name) !== null) {
    hearing(session, key, true);
    session.tell(`you ignore ${name}: /ignore ${name} again ends that`);
  }
}

function style(chat: Chat, session: Session, name: string): void {
  const style = parseStyle(name.toLowerCase());
  if (name == "") {
    session.tell(`your style is ${styleName(session.style)}`);
  } else if (style == NO_STYLE || style == Style.TUTORIAL) {
    session.refuse(
      "no-style",
      `there is no style ${excerpt(name, SHOWN_CHARACTERS)}: choose line or json`,
    );
  } else {
    const room = session.room!;
    room.leave(session);
    session.style = style;
    room.join(session);
    const text = `your style is ${styleName(style)}`;
    if (style == Style.JSON) chat.introduce(session, room);
    else session.tell(text);
  }
}

function ping(session: Session, text: string): void {
  const object = new JsonObject("pong").text("text", text);
  session.tellEvent(text == "" ? "pong" : `pong ${text}`, object);
}

function quit(session: Session): void {
  session.connection.close(CloseReason.QUIT);
}

function whisper(chat: Chat, session: Session, person: Session, text: string): void {
  const kind = "private";
  const sent = new JsonObject(kind).text("from", session.name).text("to", person.name);
  session.tellEvent(`you -> ${person.name}: ${text}`, sent.text("text", text));
  if (person.away != "") {
    session.tellEvent(`${person.name} is away: ${person.away}`, awayObject(person));
  }
  if (person !== session && person.ignored.has(session.key)) return;
  person.correspondent = session.id;
  person.correspondentName = session.name;
  const got = new JsonObject(kind).text("from", session.name).text("to", person.name);
  person.tellEvent(`${session.name} -> you: ${text}`, got.text("text", text));
  if (person.throttledUntil > chat.loop.now) session.connection.rest(THROTTLE_SECONDS);
}

/** Ignores somebody, or hears them again; whoever ignores nobody hears with the others. */
function hearing(session: Session, key: string, ignored: bool): void {
  const room = session.room!;
  room.leave(session);
  if (ignored) session.ignore(key);
  else session.ignored.delete(key);
  room.join(session);
}

function findPerson(chat: Chat, session: Session, name: string): Session | null {
  const person = chat.users.find(name);
  if (person === null)
    session.refuse("no-person", `nobody here is called ${excerpt(name, SHOWN_CHARACTERS)}`);
  return person;
}
