/** The commands of operators of channels for other users: KICK and INVITE. */
import { RoomOperations } from "../../commands/room_operations";
import { excerpt } from "../../../text/excerpt";
import { TOPIC_CHARACTERS } from "../../limits";
import { IrcEvent } from "../../protocol/irc_event";
import { Capability } from "../../protocol/irc/capabilities";
import { Audience } from "../../rooms/room";
import { RoomFault } from "../../rooms/room_rules";
import { tellFault } from "../faults";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";
import { TARGETS_MOST } from "../support";

/** An INVITE counts as this many lines for the rate limiter, since it disturbs. @limit lines */
const INVITE_LINES: i32 = 10;

function kick(irc: Irc, session: IrcSession, words: Array<string>): void {
  const channels = words[0].split(",");
  const nicks = words[1].split(",");
  const why = words.length > 2 && words[2] != "" ? words[2] : session.user.name;
  for (let i = 0; i < min(nicks.length, TARGETS_MOST); i++) {
    const channel = channels.length == nicks.length ? channels[i] : channels[0];
    kickOne(irc, session, channel, nicks[i], excerpt(why, TOPIC_CHARACTERS));
  }
}

function kickOne(irc: Irc, session: IrcSession, channel: string, nick: string, why: string): void {
  const membership = irc.findMembership(session, channel);
  if (membership === null || irc.chat.admission.refusesMuted(session)) return;
  if (!membership.isOperator) {
    tellFault(session, RoomFault.NOT_OPERATOR, channel);
    return;
  }
  const target = irc.chat.users.find(nick);
  const fault =
    target === null
      ? RoomFault.NOT_IN_ROOM
      : RoomOperations.kick(irc.chat, membership, target, why);
  tellFault(session, fault, channel, nick);
}

function invite(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (words.length == 0) {
    tellInvitations(irc, session);
    return;
  }
  if (words.length < 2) {
    session.sendNumeric("461", "INVITE", "Not enough parameters");
    return;
  }
  const channel = words[1];
  const membership = irc.findMembership(session, channel);
  if (membership === null || irc.chat.admission.refusesMuted(session)) return;
  const target = irc.findUser(session, words[0]);
  if (target === null) return;
  session.countTargets(INVITE_LINES);
  const nick = target.user.name;
  const fault = RoomOperations.invite(irc.chat, membership, target);
  if (tellFault(session, fault, channel, nick)) return;
  const room = membership.room;
  session.sendPlainNumeric("341", `${nick} #${room.name}`);
  if (target.user.away != "") session.sendNumeric("301", nick, target.user.away);
  const deed = `INVITE ${nick} #${room.name}`;
  const event = new IrcEvent(session.user, deed, Capability.INVITE_NOTIFY);
  room.announce(event, Audience.SEVERAL_ROOMS, membership);
}

/** Tells a client the channels that it is invited to. */
function tellInvitations(irc: Irc, session: IrcSession): void {
  const rooms = irc.chat.rooms.all();
  for (let i = 0; i < rooms.length; i++) {
    if (rooms[i].isInvited(session.id)) session.sendPlainNumeric("336", `#${rooms[i].name}`);
  }
  session.sendNumeric("337", "", "End of /INVITE list");
}

export const memberCommands: Array<IrcCommand> = [
  new IrcCommand("KICK", 2, kick),
  new IrcCommand("INVITE", 0, invite),
];
