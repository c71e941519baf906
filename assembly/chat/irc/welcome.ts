/** Welcomes a client that has registered: 001 to 005, LUSERS, the message of the day. */
import { CloseReason } from "../../net/connection/close_reason";
import { cancelTimer } from "../../loop/loop";
import { isoTime } from "../../text/calendar";
import { NANOSECONDS_PER_SECOND } from "../../wasi/clock";
import { Irc } from "./irc";
import { IrcSession } from "./irc_session";
import { Keepalive } from "./keepalive";
import { supportTokens } from "./support";

/** A line lists at most this many tokens. */
const TOKENS_MOST: i32 = 13;

/**
 * The rate limiter does not count this many lines of a new client with IRC for each room that it
 * may enter: JOIN, MODE, WHO and others that clients send for each channel at once. @limit lines
 */
export const OPENING_LINES: u32 = 8;

export function welcome(irc: Irc, session: IrcSession): void {
  const chat = irc.chat;
  if (chat.users.size >= chat.settings.clients) {
    chat.counters.limits.add("people");
    session.connection.close(CloseReason.FULL);
    return;
  }
  session.user.setName(session.nick);
  session.user.hasChosenName = true;
  session.isRegistered = true;
  session.openingLines = OPENING_LINES * <u32>chat.settings.roomsPerClient;
  irc.unregistered--;
  session.isUnknown = false;
  session.timer = cancelTimer(session.timer);
  new Keepalive(session, chat.loop).start();
  // Rooms are told of an IRC client at once, not only at its first line.
  session.hasSpoken = true;
  session.user.mute = chat.admission.muteOf(session);
  chat.users.add(session);
  chat.log.noteJoined(session.user.name, session.remote, chat.users.size);
  tellServer(irc, session);
  tellSupport(session, irc);
  tellCounts(irc, session);
  tellMotd(irc, session);
  session.sendPlainNumeric("221", session.modes);
}

function tellServer(irc: Irc, session: IrcSession): void {
  const name = irc.context.name;
  const network = irc.settings.network;
  session.sendNumeric("001", "", `Welcome to the ${network} IRC Network ${session.user.mask}`);
  session.sendNumeric("002", "", `Your host is ${name}, running version ${irc.version}`);
  const since = isoTime(<u64>irc.chat.startedAt * NANOSECONDS_PER_SECOND);
  session.sendNumeric("003", "", `This server was created ${since}`);
  session.sendPlainNumeric("004", `${name} ${irc.version} Biow CIbeiklmnostv Ibeklov`);
}

/** Tells what the server supports: 005. */
export function tellSupport(session: IrcSession, irc: Irc): void {
  const tokens = supportTokens(irc.chat.settings, irc.settings.network);
  for (let i = 0; i < tokens.length; i += TOKENS_MOST) {
    const some = tokens.slice(i, i + TOKENS_MOST).join(" ");
    session.sendNumeric("005", some, "are supported by this server");
  }
}

/** Tells the message of the day, or that there is none. */
export function tellMotd(irc: Irc, session: IrcSession): void {
  const lines = irc.settings.motd;
  if (lines.length == 0) {
    session.sendNumeric("422", "", "There is no message of the day");
    return;
  }
  session.sendNumeric("375", "", `- ${irc.context.name} Message of the day - `);
  for (let i = 0; i < lines.length; i++) session.sendNumeric("372", "", `- ${lines[i]}`);
  session.sendNumeric("376", "", "End of the message of the day");
}

/** Tells how many users and rooms there are: LUSERS. */
export function tellCounts(irc: Irc, session: IrcSession): void {
  const users = irc.chat.users.all();
  let invisible = 0;
  let operators = 0;
  for (let i = 0; i < users.length; i++) {
    if (!(users[i] instanceof IrcSession)) continue;
    const one = <IrcSession>users[i];
    if (one.isInvisible) invisible++;
    if (one.isOperator) operators++;
  }
  const all = users.length;
  const seen = `There are ${all - invisible} users and ${invisible} invisible on 1 servers`;
  session.sendNumeric("251", "", seen);
  session.sendNumeric("252", operators.toString(), "operator(s) online");
  session.sendNumeric("253", irc.unregistered.toString(), "unknown connection(s)");
  session.sendNumeric("254", irc.chat.rooms.inUse().toString(), "channels formed");
  session.sendNumeric("255", "", `I have ${all} clients and 0 servers`);
  const most = irc.usersMost;
  session.sendNumeric("265", `${all} ${most}`, `Current local users ${all}, max ${most}`);
  session.sendNumeric("266", `${all} ${most}`, `Current global users ${all}, max ${most}`);
}
