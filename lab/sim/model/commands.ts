/** The slash commands of users and their answers, after reference/commands.md. */
import { faultOf } from "./names.js";
import * as rooms from "./room_commands.js";
import { isTooLong } from "./room_commands.js";
import { findMembership } from "./find_membership.js";
import { enterRoom, introduce, partRoom } from "./entering.js";
import { tellRenamed } from "./presence.js";
import { tellFault, refusesSpeaking } from "./room_refusals.js";
import * as operators from "./room_operators.js";
import type { ServerModel } from "./server.js";
import { findPerson, rehear } from "./find_person.js";
import { ignore } from "./ignore_command.js";
import { about } from "./log.js";
import { durationText } from "./penalties.js";
import { reply, sendPrivately } from "./private_commands.js";
import { hasSeveralRooms, SHOWN_CHARACTERS, type Style } from "./settings.js";
import type { Session } from "./session.js";
import { afterFirstWord, excerpt, firstWord, refusal } from "./words.js";

/** @param inRoom the name of the room that the line names, or empty */
type Run = (server: ServerModel, session: Session, rest: string, inRoom: string) => void;

interface Command {
  name: string;
  takes: string;
  help: string;
  /** The least number of words that may follow the command. */
  least: number;
  /** The greatest number of words that may follow the command. */
  most: number;
  run: Run;
}

const ANY = Infinity;
/** The commands of operators, except /mode, that a mute forbids. */
const OPERATING = ["/op", "/deop", "/voice", "/devoice", "/kick", "/invite"];

/** @param usage the command with its parameters, as in `/nick NAME` */
function command(usage: string, help: string, least: number, most: number, run: Run): Command {
  return { name: firstWord(usage), takes: usage, help, least, most, run };
}

const COMMANDS: readonly Command[] = [
  command("/help [COMMAND]", "list the commands, or explain one", 0, 1, help),
  command("/nick NAME", "choose your name", 1, 1, nick),
  command("/join ROOM [KEY]", "go to another room", 1, 2, rooms.join),
  command("/part", "go back to the lobby", 0, 0, rooms.part),
  command("/in ROOM LINE", "type a line for one of your rooms", 2, ANY, () => undefined),
  command("/rooms", "list the rooms", 0, 0, rooms.list),
  command("/who [ROOM]", "list the users here, or in a room", 0, 1, rooms.who),
  command("/whois NAME", "tell where a user is, and since when", 1, 1, whois),
  command("/msg NAME TEXT", "send a private message to a user", 2, ANY, msg),
  command("/reply TEXT", "answer the last private message", 1, ANY, reply),
  command("/me TEXT", "say what you are doing", 1, ANY, act),
  command("/topic [TEXT]", "read or set what the room is about", 0, ANY, rooms.topic),
  command("/history [N | since ID]", "show earlier messages", 0, 2, rooms.history),
  command("/away [TEXT]", "say that you are away, or back", 0, ANY, away),
  command("/ignore [NAME]", "hide a user's messages, or show them again", 0, 1, ignore),
  command("/style [NAME]", "choose how you read: line, or json for programs", 0, 1, style),
  command("/op NAME", "make a user an operator of the room", 1, 1, operators.member("o", true)),
  command("/deop NAME", "make an operator a plain user", 1, 1, operators.member("o", false)),
  command("/voice NAME", "let a user speak in a moderated room", 1, 1, operators.member("v", true)),
  command("/devoice NAME", "take a user's voice back", 1, 1, operators.member("v", false)),
  command("/kick NAME [WHY]", "send a user out of the room", 1, ANY, operators.kick),
  command("/invite NAME", "invite a user to the room", 1, 1, operators.invite),
  command(
    "/mode [CHANGES]",
    "read or change the rules of the room: +i, -t, +b MASK",
    0,
    ANY,
    operators.mode,
  ),
  command("/ping [TEXT]", "get an answer", 0, ANY, ping),
  command("/quit", "leave", 0, 0, (server, session) => server.close(session, "quit")),
];

export function commandLine(
  server: ServerModel,
  session: Session,
  line: string,
  inRoom: string,
): void {
  const typed = firstWord(line);
  const rest = afterFirstWord(line);
  const found = find(typed);
  const words = rest.split(" ").filter((word) => word !== "").length;
  if (found === undefined) {
    server.tell(session, unknown(typed));
  } else if (words < found.least || words > found.most) {
    server.tell(session, refusal("usage", `${found.name} is used like this: ${found.takes}`));
  } else if (!isHeard(server, found.name, rest) || !server.isMute(session)) {
    found.run(server, session, rest, inRoom);
  }
}

/**
 * Returns true if other users notice this command, beyond a user's coming and going: a mute forbids
 * it.
 */
function isHeard(server: ServerModel, name: string, rest: string): boolean {
  if (name === "/topic" || name === "/away") return rest !== "";
  if (name === "/join") return server.rooms.find(firstWord(rest)) === undefined;
  if (name === "/mode") return /[ +-]/.test(rest);
  return ["/nick", "/msg", "/reply", "/me", ...OPERATING].includes(name);
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

function act(server: ServerModel, session: Session, text: string, inRoom: string): void {
  const at = findMembership(server, session, inRoom);
  if (at === undefined || refusesSpeaking(server, at)) return;
  server.say(at, "action", Buffer.from(text));
}

function help(server: ServerModel, session: Session, name: string): void {
  if (name !== "") {
    const found = find(name.startsWith("/") ? name : `/${name}`);
    server.tell(session, found === undefined ? unknown(name) : `${found.takes}: ${found.help}`);
    return;
  }
  server.tell(session, "what you type is sent to all users in your room; these are commands:");
  for (const one of COMMANDS) server.tell(session, `${one.takes.padEnd(24)} ${one.help}`);
}

function nick(server: ServerModel, session: Session, name: string): void {
  const fault = faultOf(name);
  if (fault !== undefined) {
    const shown = excerpt(name, SHOWN_CHARACTERS);
    server.tell(session, refusal("bad-name", `"${shown}" cannot be a name: ${fault}`));
    return;
  }
  const other = server.find(name);
  const from = session.name;
  if (other !== undefined && other !== session) {
    const text = `another user is called ${other.name}: choose a name that looks different`;
    server.tell(session, refusal("name-taken", text));
  } else if (server.bans.ofName(name, server.context.seconds()) !== undefined) {
    server.tell(session, refusal("name-banned", `${name} is banned here: choose another name`));
  } else if (name === from) {
    server.tell(session, `you are ${name}`);
  } else if (!refusesRename(server, session)) {
    server.rename(session, name);
    session.mute = server.muteOf(session);
    const message = `${from} is now ${name}`;
    server.context.log({ event: "renamed", message, fields: { ...about(session), before: from } });
    tellRenamed(server, session, from);
  }
}

/** Refuses a new name to a user that a ban keeps from speaking in one of its rooms. */
function refusesRename(server: ServerModel, session: Session): boolean {
  const banned = session.memberships.find(
    ({ room, isOperator, isVoiced }) => !isOperator && !isVoiced && room.modes.isBanned(session),
  );
  return banned !== undefined && tellFault(server, session, "banned", banned.room.name);
}

function whois(server: ServerModel, session: Session, wanted: string): void {
  const found = findPerson(server, session, wanted);
  if (found === undefined) return;
  const { name, away, since } = found;
  const seconds = server.secondsSince(since);
  const rooms = [...found.memberships]
    .reverse()
    .map(({ room }) => room)
    .filter((room) => !room.modes.has("s") || room.memberOf(session) !== undefined)
    .map((room) => room.name);
  const where = rooms.length === 0 ? "no room" : rooms.join(", ");
  const reason = away === "" ? "" : `, away: ${away}`;
  const plain = `${name} is in ${where}, here for ${durationText(seconds)}${reason}`;
  const object = { type: "whois", name, room: rooms[0] ?? "", seconds, away };
  server.tell(session, { plain, object, second: { type: "whois", name, rooms, seconds, away } });
}

function msg(server: ServerModel, session: Session, rest: string): void {
  const other = findPerson(server, session, firstWord(rest));
  if (other !== undefined) sendPrivately(server, session, other, afterFirstWord(rest));
}

function away(server: ServerModel, session: Session, text: string): void {
  if (isTooLong(server, session, text)) return;
  session.away = text;
  const plain = text === "" ? "you are back" : `you are away: ${text}`;
  server.tell(session, { plain, object: { type: "away", name: session.name, text } });
}

function style(server: ServerModel, session: Session, name: string): void {
  const wanted = name.toLowerCase();
  if (name === "") {
    server.tell(session, `your style is ${session.style}`);
  } else if (wanted !== "line" && wanted !== "json" && wanted !== "json2") {
    const shown = excerpt(name, SHOWN_CHARACTERS);
    server.tell(
      session,
      refusal("no-style", `there is no style ${shown}: choose line, json or json2`),
    );
  } else {
    const hadRooms = session.memberships.length > 0;
    changeStyle(server, session, wanted);
    if (wanted === "line" || session.memberships.length === 0) {
      server.tell(session, `your style is ${wanted}`);
    } else if (hadRooms) {
      for (const { room } of session.memberships) introduce(server, session, room);
    }
  }
}

/** Changes the style of a client. With one room, it keeps the current one, or enters the lobby. */
function changeStyle(server: ServerModel, session: Session, wanted: Style): void {
  const several = hasSeveralRooms(wanted);
  for (const member of several ? [] : session.memberships.slice(0, -1)) partRoom(server, member);
  rehear(session, () => {
    session.style = wanted;
  });
  if (!several && session.room === undefined) enterRoom(server, session, server.rooms.lobby);
}

function ping(server: ServerModel, session: Session, text: string): void {
  const plain = text === "" ? "pong" : `pong ${text}`;
  server.tell(session, { plain, object: { type: "pong", text } });
}
