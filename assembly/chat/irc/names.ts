/** Tells a client the members of a room: 353 and 366. */
import { Capability } from "../protocol/irc/capabilities";
import { BODY_BYTES_MOST, NEWLINE_BYTES } from "../protocol/irc/irc_line";
import { Membership, Room } from "../rooms/room";
import { Irc } from "./irc";
import { IrcSession } from "./irc_session";
import { prefixOf } from "./prefix";

/** Tells the members, and that these are all. */
export function tellNames(irc: Irc, session: IrcSession, room: Room): void {
  listNames(irc, session, room);
  session.sendNumeric("366", `#${room.name}`, "End of /NAMES list");
}

/** Tells the members, in as many lines as they need. */
export function listNames(irc: Irc, session: IrcSession, room: Room): void {
  const channel = `#${room.name}`;
  const begin = `${room.isSecret ? "@" : "="} ${channel}`;
  const overhead = `:${irc.context.name} 353 ${session.shownNick} ${begin} :`;
  const most = <i32>(BODY_BYTES_MOST - NEWLINE_BYTES) - String.UTF8.byteLength(overhead);
  const members = room.listMembers();
  const own = session.membershipIn(room);
  let names = "";
  let bytes = 0;
  for (let i = 0; i < members.length; i++) {
    const one = members[i];
    if (!one.isListed && one !== own) continue;
    const name = memberName(session, one);
    const nameBytes = String.UTF8.byteLength(name) + 1;
    if (bytes + nameBytes > most + 1) {
      session.sendNumeric("353", begin, names);
      names = "";
      bytes = 0;
    }
    names += names == "" ? name : ` ${name}`;
    bytes += nameBytes;
  }
  if (names != "") session.sendNumeric("353", begin, names);
}

function memberName(session: IrcSession, member: Membership): string {
  const user = member.user;
  const name = session.hasCapability(Capability.USERHOST_IN_NAMES) ? user.mask : user.name;
  return prefixOf(member, session.hasCapability(Capability.MULTI_PREFIX)) + name;
}
