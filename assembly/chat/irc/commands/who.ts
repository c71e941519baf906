/** The command WHO, with the fields of WHOX (https://ircv3.net/specs/extensions/whox). */
import { Capability } from "../../protocol/irc/capabilities";
import { lowerPatternMatches } from "../../rooms/mask";
import { prefixOf } from "../prefix";
import { Membership, Room } from "../../rooms/room";
import { Session } from "../../session/session";
import { User } from "../../users/user";
import { countComparisons } from "../comparisons";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";

/** The fields of an answer with 354, in their order. */
const FIELDS = "tcuihsnfdlaor";
/** The texts of a user that a mask may match. */
const TEXTS_OF_A_USER: i32 = 4;
/** The longest token of a client that a field repeats. */
const TOKEN_CHARACTERS: i32 = 3;

class WhoRequest {
  /** The fields that are asked for; empty: those of 352. */
  fields: string = "";
  token: string = "";
  onlyOperators: bool = false;

  constructor(options: string) {
    const percent = options.indexOf("%");
    const flags = percent < 0 ? options : options.substring(0, percent);
    this.onlyOperators = flags.includes("o");
    const rest = percent < 0 ? "" : options.substring(percent + 1);
    const comma = rest.indexOf(",");
    this.fields = comma < 0 ? rest : rest.substring(0, comma);
    this.token = comma < 0 ? "" : rest.substring(comma + 1);
    const isToken = this.token != "" && !this.token.includes(" ");
    if (!isToken || this.token.length > TOKEN_CHARACTERS) this.token = "0";
  }
}

function who(irc: Irc, session: IrcSession, words: Array<string>): void {
  const mask = words.length == 0 || words[0] == "" ? "*" : words[0];
  const request = new WhoRequest(words.length > 1 ? words[1] : "");
  if (mask.startsWith("#")) {
    const room = irc.findRoom(mask);
    if (room !== null) listRoom(irc, session, room, request);
  } else {
    listUsers(irc, session, mask == "0" ? "*" : mask, request);
  }
  session.sendNumeric("315", mask, "End of WHO list");
}

function listRoom(irc: Irc, session: IrcSession, room: Room, request: WhoRequest): void {
  const own = session.membershipIn(room);
  if (own === null && room.isSecret) return;
  const members = room.listMembers();
  irc.chat.presence.listAll(members);
  for (let i = 0; i < members.length; i++) {
    const one = members[i];
    if (!one.isListed && one !== own) continue;
    const person = <Session>one.recipient;
    if (own === null && isHidden(person)) continue;
    add(irc, session, person, one, request);
  }
}

function listUsers(irc: Irc, session: IrcSession, mask: string, request: WhoRequest): void {
  const exact = irc.chat.users.find(mask);
  if (exact !== null) {
    add(irc, session, exact, sharedRoom(session, exact), request);
    return;
  }
  const all = irc.chat.users.all();
  countComparisons(session, all.length * TEXTS_OF_A_USER);
  const pattern = mask.toLowerCase();
  for (let i = 0; i < all.length; i++) {
    const one = all[i];
    if (!matches(pattern, one.user)) continue;
    const shared = sharedRoom(session, one);
    if (shared === null && isHidden(one) && one !== session) continue;
    add(irc, session, one, shared, request);
  }
}

/** Returns true if a pattern in lower case matches the name, host, login or real name of a user. */
function matches(pattern: string, user: User): bool {
  const texts = [user.name, user.host, user.login, user.realName];
  for (let i = 0; i < texts.length; i++) {
    if (lowerPatternMatches(pattern, texts[i].toLowerCase())) return true;
  }
  return false;
}

/** Returns true for a client with user mode +i: only users of its rooms see it. */
export function isHidden(one: Session): bool {
  return one instanceof IrcSession && (<IrcSession>one).isInvisible;
}

/** Returns the membership of a user in a room that it shares with the client, or null. */
function sharedRoom(session: IrcSession, one: Session): Membership | null {
  for (let i = 0; i < one.memberships.length; i++) {
    const membership = one.memberships[i];
    if (session.membershipIn(membership.room) !== null) return membership;
  }
  return null;
}

function add(
  irc: Irc,
  session: IrcSession,
  one: Session,
  at: Membership | null,
  request: WhoRequest,
): void {
  const isOperator = one instanceof IrcSession && (<IrcSession>one).isOperator;
  if (request.onlyOperators && !isOperator) return;
  const user = one.user;
  const channel = at === null ? "*" : `#${at.room.name}`;
  let flags = user.away == "" ? "H" : "G";
  if (isOperator) flags += "*";
  if (at !== null) flags += prefixOf(at, session.hasCapability(Capability.MULTI_PREFIX));
  if (user.isBot) flags += "B";
  const name = irc.context.name;
  if (request.fields == "") {
    const place = `${channel} ${user.login} ${user.host} ${name}`;
    session.sendNumeric("352", `${place} ${user.name} ${flags}`, `0 ${user.shownRealName}`);
    return;
  }
  let row = `:${name} 354 ${session.shownNick}`;
  for (let i = 0; i < FIELDS.length; i++) {
    const field = FIELDS.charAt(i);
    if (!request.fields.includes(field)) continue;
    if (field == "t") row += ` ${request.token}`;
    else if (field == "c") row += ` ${channel}`;
    else if (field == "u") row += ` ${user.login}`;
    else if (field == "i") row += " 255.255.255.255";
    else if (field == "h") row += ` ${user.host}`;
    else if (field == "s") row += ` ${name}`;
    else if (field == "n") row += ` ${user.name}`;
    else if (field == "f") row += ` ${flags}`;
    else if (field == "d" || field == "a") row += " 0";
    else if (field == "l") row += ` ${irc.idleSeconds(one)}`;
    else if (field == "o") row += " n/a";
    else row += ` :${user.shownRealName}`;
  }
  session.sendLine(row);
}

export const whoCommands: Array<IrcCommand> = [new IrcCommand("WHO", 0, who, false, true)];
