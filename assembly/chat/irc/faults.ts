/** The numerics that tell a client of a fault: the rules of a room forbid its command. */
import { RoomFault } from "../rooms/room_rules";
import { IrcSession } from "./irc_session";

/**
 * Tells a client why a room forbids something. For a ban, it says that the client cannot speak;
 * JOIN has a numeric of its own.
 *
 * @param subject the nick, the mode's letter or the value that the refusal is about
 * @returns false if there is no fault
 */
export function tellFault(
  session: IrcSession,
  fault: RoomFault,
  channel: string,
  subject: string = "",
): bool {
  switch (fault) {
    case RoomFault.NONE:
      return false;
    case RoomFault.NOT_OPERATOR:
      session.sendNumeric("482", channel, "You're not a channel operator");
      break;
    case RoomFault.BANNED:
      session.sendNumeric("404", channel, "Cannot send to channel (+b)");
      break;
    case RoomFault.WRONG_KEY:
      session.sendNumeric("475", channel, "Cannot join channel (+k)");
      break;
    case RoomFault.FULL:
      session.sendNumeric("471", channel, "Cannot join channel (+l)");
      break;
    case RoomFault.INVITE_ONLY:
      session.sendNumeric("473", channel, "Cannot join channel (+i)");
      break;
    case RoomFault.NO_USER:
      session.sendNumeric("401", subject, "No such nick");
      break;
    case RoomFault.NOT_IN_ROOM:
      session.sendNumeric("441", `${subject} ${channel}`, "They aren't on that channel");
      break;
    case RoomFault.ALREADY_IN:
      session.sendNumeric("443", `${subject} ${channel}`, "is already on channel");
      break;
    case RoomFault.UNKNOWN_MODE:
      session.sendNumeric("472", subject, "is unknown mode char to me");
      break;
    case RoomFault.BAD_VALUE:
      session.sendNumeric("696", `${channel} ${subject}`, "Invalid value of a mode");
      break;
    case RoomFault.LIST_FULL:
      session.sendNumeric("478", `${channel} ${subject}`, "Channel list is full");
      break;
    case RoomFault.LOBBY:
      session.sendNumeric("482", channel, "This channel is open to all");
      break;
    case RoomFault.TOO_MANY:
      session.sendNumeric("482", channel, "These are too many changes for one line");
      break;
    default:
      session.sendNumeric("404", channel, "Cannot send to channel");
  }
  return true;
}
