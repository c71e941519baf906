/** Tells a client the members of a room: 353 and 366. */
import { Capability } from "../protocol/irc/capabilities";
import { BODY_BYTES_MOST, NEWLINE_BYTES } from "../protocol/irc/irc_line";
import { Membership, Room } from "../rooms/room";
import { Session } from "../session/session";
import { AnswerPart } from "./answer";
import { Irc } from "./irc";
import { IrcSession } from "./irc_session";
import { prefixOf } from "./prefix";

/** A part of a long answer has at most this many members. */
const PART_MEMBERS: i32 = 200;

/** Tells the members, and that these are all. */
export function tellNames(irc: Irc, session: IrcSession, room: Room): void {
  listNames(irc, session, room);
  session.sendNumeric("366", `#${room.name}`, "End of /NAMES list");
}

/** Tells the members, in as many lines as they need. */
export function listNames(irc: Irc, session: IrcSession, room: Room): void {
  const members = room.listMembers();
  for (let i = 0; i < members.length; i += PART_MEMBERS) {
    session.sendPart(new Names(irc, session, room, members.slice(i, i + PART_MEMBERS)));
  }
}

/**
 * Some members of a room. A long answer goes on while users leave and change their names: each line
 * names the members that are here when it is sent.
 */
class Names extends AnswerPart {
  constructor(
    private irc: Irc,
    private session: IrcSession,
    private room: Room,
    private members: Array<Membership>,
  ) {
    super();
  }

  render(): string {
    const session = this.session;
    const room = this.room;
    const own = session.membershipIn(room);
    if (own === null && room.isSecret) return "";
    const sign = room.isSecret ? "@" : "=";
    const begin = `:${this.irc.context.name} 353 ${session.shownNick} ${sign} #${room.name} :`;
    const most = <i32>(BODY_BYTES_MOST - NEWLINE_BYTES) - String.UTF8.byteLength(begin);
    let text = "";
    let names = "";
    let bytes = 0;
    for (let i = 0; i < this.members.length; i++) {
      const one = this.members[i];
      if (!isHere(one) || (!one.isListed && one !== own)) continue;
      const name = memberName(session, one);
      const nameBytes = String.UTF8.byteLength(name) + 1;
      if (bytes + nameBytes > most + 1) {
        text += `${begin}${names}\r\n`;
        names = "";
        bytes = 0;
      }
      names += names == "" ? name : ` ${name}`;
      bytes += nameBytes;
    }
    return names == "" ? text : `${text}${begin}${names}\r\n`;
  }
}

/** Returns true unless the user has left the room since. */
function isHere(member: Membership): bool {
  return (<Session>member.recipient).membershipIn(member.room) === member;
}

function memberName(session: IrcSession, member: Membership): string {
  const user = member.user;
  const name = session.hasCapability(Capability.USERHOST_IN_NAMES) ? user.mask : user.name;
  return prefixOf(member, session.hasCapability(Capability.MULTI_PREFIX)) + name;
}
