/** The commands that send text: PRIVMSG, NOTICE, TAGMSG. */
import { deliverPrivately } from "../../commands/private_commands";
import { IrcEvent } from "../../protocol/irc_event";
import { ChatEvent, PrivateMessage } from "../../protocol/events";
import { Capability } from "../../protocol/irc/capabilities";
import { BODY_BYTES_MOST, NEWLINE_BYTES } from "../../protocol/irc/irc_line";
import { clientTags } from "../../protocol/irc/tags";
import { safeText } from "../../protocol/safe_text";
import { Audience, Room } from "../../rooms/room";
import { RoomFlag } from "../../rooms/room_modes";
import { maySpeak, RoomFault } from "../../rooms/room_rules";
import { Session } from "../../session/session";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";
import { MessageText } from "../message_text";
import { TARGETS_MOST } from "../support";

/** The bytes of a line around its source, its target and its text: `: PRIVMSG  :`. */
const FRAME_BYTES: i32 = 12;

/** The text of the line that is being handled. */
const content = new MessageText();

function privmsg(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (words.length == 0) {
    session.sendNumeric("411", "", "No recipient given (PRIVMSG)");
  } else if (words.length < 2 || words[1] == "") {
    session.sendNumeric("412", "", "No text to send");
  } else {
    sendToAll(irc, session, words[0], false);
  }
}

/**
 * Sends a notice. A NOTICE gets no answer to most errors, so that two programs never answer each
 * other. A muted client is told of its mute.
 */
function notice(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (words.length >= 2 && words[1] != "") sendToAll(irc, session, words[0], true);
}

function sendToAll(irc: Irc, session: IrcSession, targets: string, isNotice: bool): void {
  const all = targets.split(",");
  if (all.length > TARGETS_MOST) {
    if (!isNotice) session.sendNumeric("407", targets, "Too many targets");
    return;
  }
  session.countTargets(all.length);
  const line = irc.line;
  content.readParameter(line.startOf(1), line.bytesOf(1), isNotice);
  fitLine(session, all);
  session.spokeAt = irc.chat.loop.now;
  for (let i = 0; i < all.length; i++) sendTo(irc, session, all[i], isNotice);
}

function sendTo(irc: Irc, session: IrcSession, target: string, isNotice: bool): void {
  if (target.startsWith("#") || isStatus(target)) {
    sendToChannel(irc, session, target, isNotice);
  } else {
    sendToUser(irc, session, target, isNotice);
  }
}

function isStatus(target: string): bool {
  return target.length > 1 && (target.startsWith("@#") || target.startsWith("+#"));
}

function sendToChannel(irc: Irc, session: IrcSession, target: string, isNotice: bool): void {
  const room = irc.findRoom(isStatus(target) ? target.substring(1) : target);
  if (room === null) {
    if (!isNotice) session.sendNumeric("403", target, "No such channel");
    return;
  }
  const refusal = refusalToSpeak(irc, session, room, content.isCtcp);
  if (refusal != "") {
    if (!isNotice) session.sendNumeric("404", target, refusal);
    return;
  }
  if (content.isCtcp || isStatus(target)) {
    sendToIrcMembers(irc, session, room, target, isNotice);
    return;
  }
  const chat = irc.chat;
  const echoes = session.hasCapability(Capability.ECHO_MESSAGE);
  const tags = String.UTF8.encode(messageTags(irc, session));
  chat.say(session, room, content.kind, content.at, content.length, echoes, tags);
}

/** Sends a line that the history does not keep, such as CTCP, to the members with IRC. */
function sendToIrcMembers(
  irc: Irc,
  session: IrcSession,
  room: Room,
  target: string,
  isNotice: bool,
): void {
  const channel = `#${room.name}`;
  const to = isStatus(target) ? target.charAt(0) + channel : channel;
  const deed = `${isNotice ? "NOTICE" : "PRIVMSG"} ${to} :${content.ircText()}`;
  const own = messageTags(irc, session);
  const tags = irc.context.newPrivateId() + (own == "" ? "" : `;${own}`);
  tellMembers(irc, session, room, new IrcEvent(session.user, deed, 0, tags), to);
}

/**
 * Cuts the text, so that the line in which other clients get it is not too long. Other servers do
 * this, too.
 */
function fitLine(session: IrcSession, targets: Array<string>): void {
  const source = String.UTF8.byteLength(session.user.mask);
  let longest = 0;
  for (let i = 0; i < targets.length; i++) {
    longest = max(longest, String.UTF8.byteLength(targets[i]));
  }
  content.cutToFit(<i32>(BODY_BYTES_MOST - NEWLINE_BYTES) - FRAME_BYTES - source - longest);
}

/**
 * Sends the line of a client to the IRC members of a room; to the client itself only if it has the
 * capability echo-message.
 */
function tellMembers(
  irc: Irc,
  session: IrcSession,
  room: Room,
  event: IrcEvent,
  target: string,
): void {
  const membership = session.membershipIn(room);
  if (membership !== null) irc.chat.presence.ensureListed(membership);
  if (target.startsWith("#")) room.announce(event, Audience.SEVERAL_ROOMS, membership);
  else tellLeaders(session, room, event, target.startsWith("@"));
  if (session.hasCapability(Capability.ECHO_MESSAGE)) session.send(event);
  irc.chat.roomLimiter.countEvent(session, room);
}

/**
 * Sends an event to the operators of a room and, unless `onlyOperators`, to the users with a voice.
 */
function tellLeaders(session: IrcSession, room: Room, event: IrcEvent, onlyOperators: bool): void {
  const members = room.listMembers();
  for (let i = 0; i < members.length; i++) {
    const one = members[i];
    if (!one.isOperator && (onlyOperators || !one.isVoiced)) continue;
    if (one.recipient !== session) one.recipient.send(event);
  }
}

/** Returns the reason why a client may not speak in a room, or an empty text if it may. */
function refusalToSpeak(irc: Irc, session: IrcSession, room: Room, isCtcp: bool): string {
  if (session.user.mute !== null && irc.chat.admission.refusesMuted(session)) {
    return "Cannot send to channel: you are mute";
  }
  const fault = maySpeak(room, session.user, session.membershipIn(room));
  if (fault == RoomFault.BANNED) return "Cannot send to channel (+b)";
  if (fault == RoomFault.MODERATED) return "Cannot send to channel (+m)";
  if (fault != RoomFault.NONE) return "Cannot send to channel (+n)";
  const isForbidden = isCtcp && room.modes.has(RoomFlag.NO_CTCP);
  return isForbidden ? "Cannot send to channel (+C)" : "";
}

function sendToUser(irc: Irc, session: IrcSession, target: string, isNotice: bool): void {
  const chat = irc.chat;
  const person = chat.users.find(target);
  if (person === null) {
    if (!isNotice) session.sendNumeric("401", target, "No such nick");
    return;
  }
  if (session.user.mute !== null && chat.admission.refusesMuted(session)) return;
  const away = person.user.away;
  if (away != "" && !isNotice) session.sendNumeric("301", person.user.name, away);
  const own = messageTags(irc, session);
  const tags = irc.context.newPrivateId() + (own == "" ? "" : `;${own}`);
  if (content.isCtcp) {
    const deed = `${isNotice ? "NOTICE" : "PRIVMSG"} ${person.user.name} :${content.ircText()}`;
    sendAndEcho(irc, session, person, new IrcEvent(session.user, deed, 0, tags));
    return;
  }
  const text = safeText(content.at, content.length);
  const message = new PrivateMessage(session.user, person.user, text, false, content.kind, tags);
  sendAndEcho(irc, session, person, message);
}

/** Sends an event to a user, and echoes it to the client. Only the echo gets the label. */
function sendAndEcho(irc: Irc, session: IrcSession, person: Session, event: ChatEvent): void {
  const isSelf = person === session;
  if (session.hasCapability(Capability.ECHO_MESSAGE)) session.send(event);
  if (isSelf) session.sendAfterAnswer(event);
  else deliverPrivately(irc.chat, session, person, event);
}

function tagmsg(irc: Irc, session: IrcSession, words: Array<string>): void {
  const target = words[0];
  const own = messageTags(irc, session);
  if (own == "") return;
  const tags = `${irc.context.newPrivateId()};${own}`;
  const needs = Capability.MESSAGE_TAGS;
  if (target.startsWith("#") || isStatus(target)) {
    const room = irc.findRoom(isStatus(target) ? target.substring(1) : target);
    if (room === null) {
      session.sendNumeric("403", target, "No such channel");
      return;
    }
    const refusal = refusalToSpeak(irc, session, room, false);
    const to = isStatus(target) ? `${target.charAt(0)}#${room.name}` : `#${room.name}`;
    if (refusal != "") session.sendNumeric("404", target, refusal);
    else
      tellMembers(irc, session, room, new IrcEvent(session.user, `TAGMSG ${to}`, needs, tags), to);
    return;
  }
  const person = irc.findUser(session, target);
  if (person === null || irc.chat.admission.refusesMuted(session)) return;
  const event = new IrcEvent(session.user, `TAGMSG ${person.user.name}`, needs, tags);
  sendAndEcho(irc, session, person, event);
}

/** Returns the tags of the line that are passed on, and the mark of a bot. */
function messageTags(irc: Irc, session: IrcSession): string {
  const line = irc.line;
  const bot = session.user.isBot ? "bot" : "";
  if (line.tagsBytes == 0 || !session.hasCapability(Capability.MESSAGE_TAGS)) return bot;
  const tags = clientTags(String.UTF8.decodeUnsafe(line.tagsAt, line.tagsBytes));
  return bot != "" && tags != "" ? `${bot};${tags}` : bot + tags;
}

export const messageCommands: Array<IrcCommand> = [
  new IrcCommand("PRIVMSG", 0, privmsg),
  new IrcCommand("NOTICE", 0, notice),
  new IrcCommand("TAGMSG", 1, tagmsg),
];
