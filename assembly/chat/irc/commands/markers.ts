/**
 * MARKREAD: the time up to which a client has read a room
 * (https://ircv3.net/specs/extensions/read-marker).
 */
import { checkName, NameFault } from "../../../text/names";
import { Capability } from "../../protocol/irc/capabilities";
import { NO_TIME, parseTime } from "../../protocol/irc/time_tag";
import { Room } from "../../rooms/room";
import { nameKey } from "../../users/name_key";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";

/** The server remembers at most this many read markers of a client. @limit markers */
const MARKERS_MOST: i32 = 100;

function markread(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (words.length == 0 || words[0] == "") {
    session.sendFail("MARKREAD NEED_MORE_PARAMS", "Missing parameters");
    return;
  }
  const target = words[0];
  const key = keyOf(target);
  if (words.length > 1) {
    const text = words[1].startsWith("timestamp=") ? words[1].substring(10) : "";
    const time = parseTime(text);
    if (time == NO_TIME) {
      session.sendFail(`MARKREAD INVALID_PARAMS ${target}`, "Invalid timestamp");
      return;
    }
    const isNew = !session.markers.has(key);
    if (isNew && !isName(target)) {
      session.sendFail(`MARKREAD INVALID_PARAMS ${target}`, "No such channel or nick");
      return;
    }
    if (isNew && session.markers.size >= MARKERS_MOST) {
      session.sendFail(`MARKREAD INTERNAL_ERROR ${target}`, "Too many markers");
      return;
    }
    if (isNew || parseTime(session.markers.get(key)) < time) session.markers.set(key, text);
  }
  tell(irc, session, target, key);
}

/** Tells a client that enters a room the time up to which it has read it. */
export function tellMarker(irc: Irc, session: IrcSession, room: Room): void {
  if (!session.hasCapability(Capability.READ_MARKER)) return;
  const channel = `#${room.name}`;
  tell(irc, session, channel, keyOf(channel));
}

function tell(irc: Irc, session: IrcSession, target: string, key: string): void {
  const time = session.markers.has(key) ? `timestamp=${session.markers.get(key)}` : "*";
  session.sendLine(`:${irc.context.name} MARKREAD ${target} ${time}`);
}

/** Returns true for what may be a channel or a nick. Nicks of guests are reserved, and pass. */
function isName(target: string): bool {
  const fault = checkName(target.startsWith("#") ? target.substring(1) : target);
  return fault == NameFault.NONE || fault == NameFault.RESERVED;
}

function keyOf(target: string): string {
  return target.startsWith("#") ? `#${nameKey(target.substring(1))}` : nameKey(target);
}

export const markerCommands: Array<IrcCommand> = [
  new IrcCommand("MARKREAD", 0, markread, false, true),
];
