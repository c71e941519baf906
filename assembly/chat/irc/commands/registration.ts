/** The commands with which an IRC client introduces itself: PASS, NICK, USER, CAP; PING, QUIT. */
import { CloseReason } from "../../../net/connection/close_reason";
import { excerpt } from "../../../text/excerpt";
import { checkName, NameFault, nameFaultText } from "../../../text/names";
import { renameUser } from "../../commands/rename";
import {
  allCapabilities,
  Capability,
  capabilityNames,
  findCapability,
} from "../../protocol/irc/capabilities";
import { findBan, maySpeak, RoomFault } from "../../rooms/room_rules";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";
import { welcome } from "../welcome";

/** The user name of a client has at most this many characters, with its `~`. @limit characters */
const LOGIN_CHARACTERS: i32 = 10;
/** A real name has at most this many characters. @limit characters */
export const REAL_NAME_CHARACTERS: i32 = 100;
/** The version of capability negotiation from which on capabilities have values. */
const MODERN_VERSION: i64 = 302;
/** The most bytes of names in one line about capabilities. */
const NAMES_BYTES_MOST: i32 = 400;

function pass(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (session.isRegistered) session.sendNumeric("462", "", "You may not reregister");
  else session.password = words[0];
}

function nick(irc: Irc, session: IrcSession, words: Array<string>): void {
  const name = words.length == 0 ? "" : words[0];
  if (name == "") {
    session.sendNumeric("431", "", "No nickname given");
  } else if (!refusesNick(irc, session, name)) {
    if (session.isRegistered) changeNick(irc, session, name);
    else session.nick = name;
    register(irc, session);
  }
}

function changeNick(irc: Irc, session: IrcSession, name: string): void {
  if (name == session.user.name || irc.chat.admission.refusesMuted(session)) return;
  const room = findBan(session.memberships);
  if (room === null) renameUser(irc.chat, session, name);
  else session.sendNumeric("435", `${name} #${room.name}`, "Cannot change nickname while banned");
}

/** Refuses a nick that cannot be one, or that another user has. @returns false if it is free */
function refusesNick(irc: Irc, session: IrcSession, name: string): bool {
  const fault = checkName(name);
  const other = irc.chat.users.findOther(name, session);
  const ban = irc.chat.admission.bans.findByName(name, irc.chat.now);
  let code = "";
  let why = "";
  // A client gives up after a 432 before it is registered. After a 433, it tries another nick.
  if (fault == NameFault.RESERVED && name != "*") {
    code = "433";
    why = nameFaultText(fault);
  } else if (fault != NameFault.NONE) {
    code = "432";
    why = `Erroneous nickname: ${nameFaultText(fault)}`;
  } else if (other !== null) {
    code = "433";
    why = "Nickname is already in use";
  } else if (ban !== null) {
    code = "433";
    why = `Nickname is banned ${ban.describe(irc.chat.now)}`;
  } else {
    return false;
  }
  const shown = name.includes(" ") || name.startsWith(":") ? "*" : excerpt(name, 64);
  session.sendNumeric(code, shown, why);
  return true;
}

function user(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (session.isRegistered || session.hasUser) {
    session.sendNumeric("462", "", "You may not reregister");
    return;
  }
  if (words[0] == "" || words[3] == "") {
    session.sendNumeric("461", "USER", "Not enough parameters");
    return;
  }
  session.hasUser = true;
  session.user.setIdentity(loginOf(words[0]), excerpt(words[3], REAL_NAME_CHARACTERS));
  register(irc, session);
}

/** Returns a user name with the characters that sources may have. */
function loginOf(text: string): string {
  let login = "~";
  for (let i = 0; i < text.length && login.length < LOGIN_CHARACTERS; i++) {
    const unit = text.charCodeAt(i);
    const isDigit = unit - 0x30 < 10 && unit >= 0x30;
    const isLetter = (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
    if (isDigit || isLetter || unit == 0x2d || unit == 0x2e || unit == 0x5f) {
      login += text.charAt(i);
    }
  }
  return login.length == 1 ? "~user" : login;
}

/** Registers a client once it has sent NICK and USER, and has ended its negotiation. */
function register(irc: Irc, session: IrcSession): void {
  if (session.isRegistered || session.nick == "" || !session.hasUser) return;
  if (session.isNegotiating) return;
  const wanted = irc.settings.password;
  if (wanted != "" && session.password != wanted) {
    session.sendNumeric("464", "", "Password incorrect");
    session.closeForPassword();
    return;
  }
  const name = session.nick;
  session.nick = "";
  // Another client may have taken the nick meanwhile.
  if (refusesNick(irc, session, name)) return;
  session.nick = name;
  welcome(irc, session);
}

function cap(irc: Irc, session: IrcSession, words: Array<string>): void {
  const sub = words[0].toUpperCase();
  if (sub == "LS") {
    if (words.length > 1 && I64.parseInt(words[1]) >= MODERN_VERSION) session.isModern = true;
    if (session.isModern) session.capabilities |= Capability.CAP_NOTIFY;
    if (!session.isRegistered) session.isNegotiating = true;
    tellNames(irc, session, "LS", capabilityNames(allCapabilities()));
  } else if (sub == "LIST") {
    tellNames(irc, session, "LIST", capabilityNames(session.capabilities));
  } else if (sub == "REQ") {
    if (!session.isRegistered) session.isNegotiating = true;
    request(irc, session, words.length > 1 ? words[1] : "");
  } else if (sub == "END") {
    session.isNegotiating = false;
    register(irc, session);
  } else {
    session.sendNumeric("410", words[0] == "" ? "*" : words[0], "Invalid CAP command");
  }
}

/** Sends names in as many lines as they need. */
function tellNames(irc: Irc, session: IrcSession, sub: string, names: Array<string>): void {
  let rest = names.join(" ");
  while (rest.length > NAMES_BYTES_MOST && session.isModern) {
    const end = rest.lastIndexOf(" ", NAMES_BYTES_MOST);
    tellCapabilities(irc, session, `${sub} * :${rest.substring(0, end)}`);
    rest = rest.substring(end + 1);
  }
  tellCapabilities(irc, session, `${sub} :${rest}`);
}

function tellCapabilities(irc: Irc, session: IrcSession, rest: string): void {
  session.sendLine(`:${irc.context.name} CAP ${session.shownNick} ${rest}`);
}

/** Changes the capabilities of a client: all of the requested ones, or none. */
function request(irc: Irc, session: IrcSession, wanted: string): void {
  const names = wanted.split(" ");
  let set = session.capabilities;
  let isKnown = true;
  for (let i = 0; i < names.length; i++) {
    const isRemoval = names[i].startsWith("-");
    const capability = findCapability(isRemoval ? names[i].substring(1) : names[i]);
    if (names[i] == "") continue;
    if (capability == Capability.NONE) isKnown = false;
    else if (isRemoval) set &= ~(<u32>capability);
    else set |= capability;
  }
  // A client of version 302 cannot switch cap-notify off.
  if (session.isModern && (set & Capability.CAP_NOTIFY) == 0) isKnown = false;
  if (isKnown) {
    session.capabilities = set;
    session.changeProtocol(irc.protocolFor(set));
  }
  const verdict = isKnown ? "ACK" : "NAK";
  let rest = wanted;
  while (rest.length > NAMES_BYTES_MOST) {
    const space = rest.lastIndexOf(" ", NAMES_BYTES_MOST);
    const end = space > 0 ? space : NAMES_BYTES_MOST;
    tellCapabilities(irc, session, `${verdict} :${rest.substring(0, end)}`);
    rest = rest.substring(space > 0 ? end + 1 : end);
  }
  tellCapabilities(irc, session, `${verdict} :${rest}`);
}

function ping(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (words.length == 0 || words[0] == "") {
    session.sendNumeric("409", "", "No origin specified");
    return;
  }
  session.sendLine(`:${irc.context.name} PONG ${irc.context.name} :${words[0]}`);
}

/** Does nothing: each line shows that the client is there. */
function pong(_irc: Irc, _session: IrcSession, _words: Array<string>): void {}

function quit(irc: Irc, session: IrcSession, words: Array<string>): void {
  const asked = words.length == 0 ? "" : words[0];
  session.quitWords = asked != "" && isHeard(irc, session) ? `Quit: ${asked}` : "Quit";
  session.connection.close(CloseReason.QUIT);
}

/** Returns true if a client may speak in all of its rooms: they get the words of its QUIT. */
function isHeard(irc: Irc, session: IrcSession): bool {
  if (irc.chat.admission.refusesMuted(session)) return false;
  const all = session.memberships;
  for (let i = 0; i < all.length; i++) {
    if (maySpeak(all[i].room, session.user, all[i]) != RoomFault.NONE) return false;
  }
  return true;
}

export const registrationCommands: Array<IrcCommand> = [
  new IrcCommand("PASS", 1, pass, true),
  new IrcCommand("NICK", 0, nick, true),
  new IrcCommand("USER", 4, user, true),
  new IrcCommand("CAP", 1, cap, true),
  new IrcCommand("PING", 0, ping, true, true),
  new IrcCommand("PONG", 0, pong, true, true),
  new IrcCommand("QUIT", 0, quit, true),
];
