/** The commands for channels: JOIN, PART, TOPIC, NAMES. LIST is in list.ts. */
import { excerpt } from "../../../text/excerpt";
import { checkName, NameFault, nameFaultText } from "../../../text/names";
import { RoomOperations } from "../../commands/room_operations";
import { TOPIC_CHARACTERS } from "../../limits";
import { UserJoined, UserLeft } from "../../protocol/events";
import { Capability } from "../../protocol/irc/capabilities";
import { fitText } from "../../protocol/irc/message_writer";
import { Membership, Room } from "../../rooms/room";
import { maySpeak, RoomFault } from "../../rooms/room_rules";
import { tellFault } from "../faults";
import { sendReplay } from "../history";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";
import { listNames, tellNames } from "../names";
import { TARGETS_MOST } from "../support";
import { tellMarker } from "./markers";

/** One line JOIN or PART may name at most this many channels. @limit channels */
const JOINS_MOST: i32 = 50;

function join(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (words[0] == "0") {
    session.countTargets(session.memberships.length);
    while (session.memberships.length > 0) leave(irc, session, session.memberships[0], "");
    return;
  }
  const channels = words[0].split(",");
  const keys = words.length > 1 ? words[1].split(",") : [""];
  const count = min(channels.length, JOINS_MOST);
  session.countTargets(count);
  for (let i = 0; i < count; i++) {
    joinOne(irc, session, channels[i], i < keys.length ? keys[i] : "");
  }
}

function joinOne(irc: Irc, session: IrcSession, channel: string, key: string): void {
  const chat = irc.chat;
  const name = channel.startsWith("#") ? channel.substring(1) : "";
  let room = irc.findRoom(channel);
  if (room !== null && session.membershipIn(room) !== null) {
    tellForwarding(session, channel, name, room);
    return;
  }
  const fault = room === null ? checkName(name) : NameFault.NONE;
  if (!channel.startsWith("#") || fault != NameFault.NONE) {
    const why = channel.startsWith("#") ? nameFaultText(fault) : "a channel begins with #";
    session.sendNumeric(
      "403",
      channel == "" ? "*" : excerpt(channel, 64),
      `No such channel: ${why}`,
    );
    return;
  }
  if (session.memberships.length >= chat.settings.roomsPerClient) {
    chat.counters.limits.add("rooms per client");
    session.sendNumeric("405", channel, "You have joined too many channels");
    return;
  }
  // The name of a new room is visible to all.
  if (room === null && chat.admission.refusesMuted(session)) return;
  if (room === null && !session.countNewRoom(chat.settings.newRooms)) {
    chat.counters.limits.add("new rooms");
    session.sendNumeric("437", channel, "You have created too many channels");
    return;
  }
  room = chat.rooms.findOrCreate(name);
  if (room === null) {
    chat.counters.limits.add("rooms");
    session.sendNumeric("403", channel, "No such channel: there are too many");
    return;
  }
  tellForwarding(session, channel, name, room);
  enter(irc, session, room, key);
}

/** Tells a client that the channel's name which it sent looks like that of another channel. */
function tellForwarding(session: IrcSession, channel: string, name: string, room: Room): void {
  if (room.name.toLowerCase() == name.toLowerCase()) return;
  session.sendNumeric("470", `${channel} #${room.name}`, "Forwarding to a channel");
}

function enter(irc: Irc, session: IrcSession, room: Room, key: string): void {
  const fault = RoomOperations.enter(irc.chat, session, room, key);
  if (fault == RoomFault.BANNED) {
    session.sendNumeric("474", `#${room.name}`, "Cannot join channel (+b)");
    return;
  }
  if (tellFault(session, fault, `#${room.name}`)) return;
  session.send(new UserJoined(session.user, room.name));
  if (room.topic != "") tellTopic(session, room);
  tellMarker(irc, session, room);
  if (!session.hasCapability(Capability.NO_IMPLICIT_NAMES)) tellNames(irc, session, room);
  sendReplay(irc, session, room);
}

function part(irc: Irc, session: IrcSession, words: Array<string>): void {
  const channels = words[0].split(",");
  const count = min(channels.length, JOINS_MOST);
  session.countTargets(count);
  const asked = words.length > 1 ? words[1] : "";
  const why = asked == "" || irc.chat.admission.refusesMuted(session) ? "" : asked;
  for (let i = 0; i < count; i++) {
    const membership = irc.findMembership(session, channels[i]);
    if (membership !== null) leave(irc, session, membership, why);
  }
}

/** Removes a client from a room. The room gets the text `why` if the client may speak there. */
function leave(irc: Irc, session: IrcSession, membership: Membership, why: string): void {
  const room = membership.room;
  const said = maySpeak(room, session.user, membership) == RoomFault.NONE ? why : "";
  irc.chat.leaveRoom(session, membership, said);
  session.send(new UserLeft(session.user, room.name, said));
}

function topic(irc: Irc, session: IrcSession, words: Array<string>): void {
  const membership = irc.findMembership(session, words[0]);
  if (membership === null) return;
  const room = membership.room;
  if (words.length == 1) {
    if (room.topic == "") session.sendNumeric("331", `#${room.name}`, "No topic is set");
    else tellTopic(session, room);
    return;
  }
  if (irc.chat.admission.refusesMuted(session)) return;
  const text = words[1].trim() == "" ? "" : excerpt(words[1], TOPIC_CHARACTERS);
  tellFault(session, RoomOperations.setTopic(irc.chat, membership, text), words[0]);
}

/** Tells a client the topic of a room, the user that set it, and the time. */
function tellTopic(session: IrcSession, room: Room): void {
  const channel = `#${room.name}`;
  const begin = `:${session.serverName} 332 ${session.shownNick} ${channel} :`;
  session.sendNumeric("332", channel, fitText(begin, room.topic));
  if (room.topicAuthor == "") return;
  session.sendPlainNumeric("333", `${channel} ${room.topicAuthor} ${room.topicSetAt}`);
}

function names(irc: Irc, session: IrcSession, words: Array<string>): void {
  const asked = words.length == 0 || words[0] == "" ? "*" : words[0];
  const channels = asked.split(",");
  let named = asked;
  for (let i = 0; i < min(channels.length, TARGETS_MOST); i++) {
    const room = irc.findRoom(channels[i]);
    if (room === null || !isVisible(session, room)) continue;
    irc.chat.presence.listAll(room.listMembers());
    listNames(irc, session, room);
    if (channels.length == 1) named = `#${room.name}`;
  }
  session.sendNumeric("366", named, "End of /NAMES list");
}

function isVisible(session: IrcSession, room: Room): bool {
  return room.size > 0 && (!room.isSecret || session.membershipIn(room) !== null);
}

export const channelCommands: Array<IrcCommand> = [
  new IrcCommand("JOIN", 1, join, false, true),
  new IrcCommand("PART", 1, part),
  new IrcCommand("TOPIC", 1, topic),
  new IrcCommand("NAMES", 0, names, false, true),
];
