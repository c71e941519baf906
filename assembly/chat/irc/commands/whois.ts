/** WHOIS, WHOWAS, ISON and USERHOST: commands that ask about users. */
import { parseDecimal } from "../../../text/decimal";
import { isoTime } from "../../../text/calendar";
import { NANOSECONDS_PER_SECOND } from "../../../wasi/clock";
import { Session } from "../../session/session";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";
import { prefixOf } from "../prefix";
import { isHidden } from "./who";

/** One ISON asks about at most this many names; the others are ignored. @limit users */
const ASKED_MOST: i32 = 30;
/** One USERHOST asks about at most this many names; the others are ignored. @limit users */
const USERHOST_MOST: i32 = 5;

function whois(irc: Irc, session: IrcSession, words: Array<string>): void {
  // If there are two words, the user is the second one. The first one is a server, or the same
  // user.
  const nick = words.length > 1 ? words[1] : words.length > 0 ? words[0] : "";
  if (nick == "") {
    session.sendNumeric("431", "", "No nickname given");
    return;
  }
  const person = irc.findUser(session, nick);
  const shown = person === null ? nick : person.user.name;
  if (person !== null) describe(irc, session, person);
  session.sendNumeric("318", shown, "End of /WHOIS list");
}

function describe(irc: Irc, session: IrcSession, one: Session): void {
  const user = one.user;
  const name = user.name;
  session.sendNumeric("311", `${name} ${user.login} ${user.host} *`, user.shownRealName);
  const channels = channelsOf(session, one);
  if (channels != "") session.sendNumeric("319", name, channels);
  session.sendNumeric("312", `${name} ${irc.context.name}`, irc.settings.info);
  const isIrc = one instanceof IrcSession;
  if (isIrc && (<IrcSession>one).isOperator) session.sendNumeric("313", name, "is an IRC operator");
  if (user.away != "") session.sendNumeric("301", name, user.away);
  if (user.isBot) session.sendNumeric("335", name, "is a bot");
  const isSelf = one === session;
  if ((session.isOperator || isSelf) && one.remote != "") {
    session.sendNumeric("378", name, `is connecting from ${one.remote}`);
  }
  if ((session.isOperator || isSelf) && isIrc) {
    session.sendNumeric("379", name, `is using modes ${(<IrcSession>one).modes}`);
  }
  if (!isIrc) return;
  const seconds = (irc.chat.loop.now - one.since) / NANOSECONDS_PER_SECOND;
  const idle = irc.idleSeconds(one);
  session.sendNumeric(
    "317",
    `${name} ${idle} ${irc.chat.now - seconds}`,
    "seconds idle, signon time",
  );
}

/** Returns the channels of a user, without those that the client may not learn of. */
function channelsOf(session: IrcSession, one: Session): string {
  const isInvisible = isHidden(one);
  let text = "";
  for (let i = 0; i < one.memberships.length; i++) {
    const membership = one.memberships[i];
    const room = membership.room;
    const isShared = session.membershipIn(room) !== null;
    if (!isShared && one !== session && (room.isSecret || isInvisible)) continue;
    text += `${text == "" ? "" : " "}${prefixOf(membership, true)}#${room.name}`;
  }
  return text;
}

function whowas(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (words.length == 0 || words[0] == "") {
    session.sendNumeric("431", "", "No nickname given");
    return;
  }
  const name = words[0];
  const most = words.length > 1 ? parseDecimal(words[1], 1000) : 0;
  const found = irc.whowas.find(name, most);
  if (found.length == 0) session.sendNumeric("406", name, "There was no such nickname");
  for (let i = 0; i < found.length; i++) {
    const one = found[i];
    const real = one.realName == "" ? one.name : one.realName;
    session.sendNumeric("314", `${one.name} ${one.login} ${one.host} *`, real);
    const time = isoTime(<u64>one.leftAt * NANOSECONDS_PER_SECOND);
    session.sendNumeric("312", `${one.name} ${irc.context.name}`, time);
  }
  session.sendNumeric("369", name, "End of WHOWAS");
}

function ison(irc: Irc, session: IrcSession, words: Array<string>): void {
  const names = words.join(" ").split(" ");
  const here: Array<string> = [];
  for (let i = 0; i < min(names.length, ASKED_MOST); i++) {
    const found = irc.chat.users.find(names[i]);
    if (found !== null) here.push(found.user.name);
  }
  session.sendNumeric("303", "", here.join(" "));
}

function userhost(irc: Irc, session: IrcSession, words: Array<string>): void {
  const all: Array<string> = [];
  for (let i = 0; i < min(words.length, USERHOST_MOST); i++) {
    const found = irc.chat.users.find(words[i]);
    if (found === null) continue;
    const user = found.user;
    const star = found instanceof IrcSession && (<IrcSession>found).isOperator ? "*" : "";
    all.push(`${user.name}${star}=${user.away == "" ? "+" : "-"}${user.login}@${user.host}`);
  }
  session.sendNumeric("302", "", all.join(" "));
}

export const whoisCommands: Array<IrcCommand> = [
  new IrcCommand("WHOIS", 0, whois),
  new IrcCommand("WHOWAS", 0, whowas),
  new IrcCommand("ISON", 1, ison),
  new IrcCommand("USERHOST", 1, userhost),
];
