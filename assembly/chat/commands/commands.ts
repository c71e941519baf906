/** Runs the commands of clients. For an invalid command, the client gets an error message. */
import { CloseReason } from "../../net/connection/close_reason";
import { excerpt } from "../../text/excerpt";
import { checkName, NameFault, nameFaultText } from "../../text/names";
import { afterFirstWord, firstWord } from "../../text/words";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { Chat } from "../chat";
import { MessageKind } from "../delivery/message";
import { SHOWN_CHARACTERS } from "../limits";
import { Command, CommandId } from "../protocol/command";
import { commands, definitionOf, findCommand } from "../protocol/command_table";
import { Pong, UserAway, UserDescribed } from "../protocol/events";
import { NO_STYLE, parseStyle, Style, styleName } from "../protocol/style";
import { findBan, RoomFault } from "../rooms/room_rules";
import { Session } from "../session/session";
import { findMembership } from "./find_membership";
import { toggleIgnore } from "./ignore_command";
import { OperatorCommands } from "./operator_commands";
import { replyPrivately, sendPrivately } from "./private_commands";
import { renameUser } from "./rename";
import { tellFault, refusesSpeaking } from "./room_refusals";
import { refusesLongText, RoomCommands } from "./room_commands";

/** Runs any command except SAY. */
export function runCommand(chat: Chat, session: Session, command: Command): void {
  const id = command.id;
  if (id == CommandId.UNKNOWN) {
    refuseUnknown(session, command.name);
    return;
  }
  const definition = definitionOf(id);
  const rest = command.rest;
  if (!definition.acceptsArguments(rest)) {
    session.refuse("usage", `${definition.name} is used like this: ${definition.usage}`);
  } else if (!isNoticed(chat, id, rest) || !chat.admission.refusesMuted(session)) {
    run(chat, session, command);
  }
}

/** Returns true if other users notice what a command does, except joining and leaving. */
function isNoticed(chat: Chat, id: CommandId, rest: string): bool {
  if (id == CommandId.TOPIC || id == CommandId.AWAY) return rest != "";
  // The name of a new room is visible to all.
  if (id == CommandId.JOIN) return chat.rooms.find(firstWord(rest)) === null;
  if (id == CommandId.MODE) return rest.includes(" ") || rest.includes("+") || rest.includes("-");
  if (id == CommandId.NICK || id == CommandId.MSG || id == CommandId.REPLY) return true;
  return id == CommandId.ME || OperatorCommands.has(id);
}

function run(chat: Chat, session: Session, command: Command): void {
  const rest = command.rest;
  switch (command.id) {
    case CommandId.HELP:
      showHelp(session, rest);
      break;
    case CommandId.NICK:
      changeName(chat, session, rest);
      break;
    case CommandId.JOIN:
      RoomCommands.joinRoom(chat, session, rest);
      break;
    case CommandId.PART:
      RoomCommands.leaveRoom(chat, session, command.room);
      break;
    case CommandId.ROOMS:
      RoomCommands.listRooms(chat, session);
      break;
    case CommandId.WHO:
      RoomCommands.listMembers(chat, session, command.room, rest);
      break;
    case CommandId.WHOIS:
      describeUser(chat, session, rest);
      break;
    case CommandId.MSG:
      speakTo(chat, session, firstWord(rest), afterFirstWord(rest));
      break;
    case CommandId.REPLY:
      replyPrivately(chat, session, rest);
      break;
    case CommandId.ME:
      sendAction(chat, session, command.room, rest);
      break;
    case CommandId.TOPIC:
      RoomCommands.showOrSetTopic(chat, session, command.room, rest);
      break;
    case CommandId.HISTORY:
      RoomCommands.showHistory(chat, session, command.room, rest);
      break;
    case CommandId.AWAY:
      setAway(chat, session, rest);
      break;
    case CommandId.IGNORE:
      toggleIgnore(chat, session, rest);
      break;
    case CommandId.STYLE:
      changeStyle(chat, session, rest);
      break;
    case CommandId.PING:
      session.send(new Pong(rest));
      break;
    case CommandId.QUIT:
      session.connection.close(CloseReason.QUIT);
      break;
    default:
      OperatorCommands.run(chat, session, command);
  }
}

function showHelp(session: Session, name: string): void {
  if (name != "") {
    const command = findCommand(name.startsWith("/") ? name : "/" + name);
    if (command === null) refuseUnknown(session, name);
    else session.tell(`${command.usage}: ${command.help}`);
    return;
  }
  session.tell("what you type is sent to all users in your room; these are commands:");
  for (let i = 0; i < commands.length; i++) {
    session.tell(`${commands[i].usage.padEnd(24)} ${commands[i].help}`);
  }
}

function refuseUnknown(session: Session, typed: string): void {
  const shown = excerpt(typed, SHOWN_CHARACTERS);
  const hint = "/help lists them, and // says a line that begins with a slash";
  session.refuse("unknown-command", `there is no command ${shown}: ${hint}`);
}

function changeName(chat: Chat, session: Session, name: string): void {
  const shown = excerpt(name, SHOWN_CHARACTERS);
  const fault = checkName(name);
  const other = chat.users.findOther(name, session);
  if (fault != NameFault.NONE) {
    session.refuse("bad-name", `"${shown}" cannot be a name: ${nameFaultText(fault)}`);
  } else if (other !== null) {
    const hint = "choose a name that looks different";
    session.refuse("name-taken", `another user is called ${other.user.name}: ${hint}`);
  } else if (chat.admission.bans.findByName(name, chat.now) !== null) {
    session.refuse("name-banned", `${name} is banned here: choose another name`);
  } else if (name == session.user.name) {
    session.tell(`you are ${name}`);
  } else {
    const room = findBan(session.memberships);
    if (room !== null) tellFault(session, RoomFault.BANNED, room.name, "");
    else renameUser(chat, session, name);
  }
}

function sendAction(chat: Chat, session: Session, room: string, text: string): void {
  const at = findMembership(chat, session, room);
  if (at === null || refusesSpeaking(session, at)) return;
  chat.sayText(session, at.room, MessageKind.ACTION, text);
}

function describeUser(chat: Chat, session: Session, name: string): void {
  const person = findPerson(chat, session, name);
  if (person === null) return;
  const seconds = (chat.loop.now - person.since) / NANOSECONDS_PER_SECOND;
  const user = person.user;
  const rooms: Array<string> = [];
  for (let i = person.memberships.length - 1; i >= 0; i--) {
    const room = person.memberships[i].room;
    if (!room.isSecret || session.membershipIn(room) !== null) rooms.push(room.name);
  }
  session.send(new UserDescribed(user.name, rooms, seconds, user.away));
}

function speakTo(chat: Chat, session: Session, name: string, text: string): void {
  const person = findPerson(chat, session, name);
  if (person !== null) sendPrivately(chat, session, person, text);
}

function setAway(chat: Chat, session: Session, text: string): void {
  if (refusesLongText(session, text)) return;
  chat.setAway(session, text);
  session.send(new UserAway(session.user.name, text, true));
}

function changeStyle(chat: Chat, session: Session, name: string): void {
  const style = parseStyle(name.toLowerCase());
  if (name == "") {
    session.tell(`your style is ${styleName(session.protocol.style)}`);
  } else if (style == NO_STYLE || style == Style.TUTORIAL) {
    session.refuse(
      "no-style",
      `there is no style ${excerpt(name, SHOWN_CHARACTERS)}: choose line, json or json2`,
    );
  } else {
    const hadRooms = session.memberships.length;
    chat.changeProtocol(session, chat.protocols.withStyle(style));
    const memberships = session.memberships;
    if (session.protocol.isForPeople || memberships.length == 0) {
      session.tell(`your style is ${styleName(style)}`);
    } else if (hadRooms > 0) {
      for (let i = 0; i < memberships.length; i++) chat.sendWelcome(session, memberships[i].room);
    }
  }
}

/**
 * Returns the session of the user with this name. If there is none, tells the client so and returns
 * null.
 */
function findPerson(chat: Chat, session: Session, name: string): Session | null {
  const person = chat.users.find(name);
  if (person === null)
    session.refuse("no-person", `nobody here is called ${excerpt(name, SHOWN_CHARACTERS)}`);
  return person;
}
