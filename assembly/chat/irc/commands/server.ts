/** The commands that ask about the server, and those of its operators. */
import { CloseReason, closeReasonText } from "../../../net/connection/close_reason";
import { isoTime } from "../../../text/calendar";
import { NANOSECONDS_PER_SECOND } from "../../../wasi/clock";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";
import { findHelp } from "../help";
import { tellCounts, tellMotd, tellSupport } from "../welcome";

/** The connection closes after this many failures of OPER. @limit failures */
const OPERATOR_FAULTS_MOST: i32 = 3;

/** Refuses a question that is for another server. @returns false if it is for this one */
function isElsewhere(irc: Irc, session: IrcSession, words: Array<string>): bool {
  if (words.length == 0 || words[0] == "" || words[0] == session.user.name) return false;
  const name = words[0].toLowerCase();
  if (name == irc.context.name.toLowerCase() || name == "*") return false;
  session.sendNumeric("402", words[0], "No such server");
  return true;
}

function lusers(irc: Irc, session: IrcSession, _words: Array<string>): void {
  tellCounts(irc, session);
}

function motd(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (!isElsewhere(irc, session, words)) tellMotd(irc, session);
}

function version(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (isElsewhere(irc, session, words)) return;
  session.sendNumeric("351", `${irc.version} ${irc.context.name}`, irc.settings.info);
  tellSupport(session, irc);
}

function time(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (isElsewhere(irc, session, words)) return;
  const now = isoTime(<u64>irc.chat.now * NANOSECONDS_PER_SECOND);
  session.sendNumeric("391", irc.context.name, now);
}

function admin(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (isElsewhere(irc, session, words)) return;
  session.sendNumeric("256", irc.context.name, "Administrative info");
  session.sendNumeric("257", "", irc.settings.info);
  session.sendNumeric("258", "", irc.settings.network);
  session.sendNumeric("259", "", "ask the operators of this server");
}

function info(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (isElsewhere(irc, session, words)) return;
  session.sendNumeric("371", "", `${irc.version}: ${irc.settings.info}`);
  const since = isoTime(<u64>irc.chat.startedAt * NANOSECONDS_PER_SECOND);
  session.sendNumeric("371", "", `running since ${since}`);
  session.sendNumeric("374", "", "End of INFO list");
}

function links(irc: Irc, session: IrcSession, _words: Array<string>): void {
  const name = irc.context.name;
  session.sendNumeric("364", `${name} ${name}`, `0 ${irc.settings.info}`);
  session.sendNumeric("365", "*", "End of /LINKS list");
}

function stats(irc: Irc, session: IrcSession, words: Array<string>): void {
  const letter = words.length == 0 || words[0] == "" ? "*" : words[0];
  if (letter == "u") {
    const seconds = irc.chat.now - irc.chat.startedAt;
    const days = seconds / 86_400;
    const clock = isoTime(<u64>(seconds % 86_400) * NANOSECONDS_PER_SECOND).substring(11, 19);
    session.sendNumeric("242", "", `Server Up ${days} days ${clock}`);
  }
  session.sendNumeric("219", letter, "End of /STATS report");
}

function help(_irc: Irc, session: IrcSession, words: Array<string>): void {
  const subject = words.length == 0 || words[0] == "" ? "*" : words[0];
  const topic = findHelp(subject.toUpperCase());
  if (topic === null) {
    session.sendNumeric("524", subject, "There is no help on that: HELP lists the commands");
    return;
  }
  session.sendNumeric("704", subject, topic.title);
  for (let i = 0; i < topic.lines.length; i++) session.sendNumeric("705", subject, topic.lines[i]);
  session.sendNumeric("706", subject, "End of /HELP");
}

function oper(irc: Irc, session: IrcSession, words: Array<string>): void {
  const settings = irc.settings;
  if (settings.operatorName == "") {
    session.sendNumeric("491", "", "No operators for your host");
  } else if (words[0] != settings.operatorName || words[1] != settings.operatorPassword) {
    irc.chat.log.info("oper-refused", `${session.user.name} gave a wrong name or password to OPER`);
    session.sendNumeric("464", "", "Password incorrect");
    if (++session.operatorFaults >= OPERATOR_FAULTS_MOST) session.closeForPassword();
  } else {
    irc.chat.log.info("oper", `${session.user.name} is an IRC operator`);
    session.isOperator = true;
    session.sendNumeric("381", "", "You are now an IRC operator");
    session.sendLine(`:${session.user.mask} MODE ${session.user.name} +o`);
  }
}

/** Refuses a command of operators to others. @returns false for an operator */
function isRefused(session: IrcSession): bool {
  if (session.isOperator) return false;
  session.sendNumeric("481", "", "Permission Denied- You're not an IRC operator");
  return true;
}

function kill(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (isRefused(session)) return;
  const person = irc.findUser(session, words[0]);
  if (person === null) return;
  const why = words.length > 1 && words[1] != "" ? words[1] : closeReasonText(CloseReason.KICKED);
  if (person instanceof IrcSession) {
    const other = <IrcSession>person;
    other.quitWords = `Killed (${session.user.name} (${why}))`;
    other.sendLine(`:${session.user.mask} KILL ${person.user.name} :${why}`);
  } else {
    person.tell(why);
  }
  irc.chat.log.info("killed", `${session.user.name} closed ${person.user.name}: ${why}`);
  person.connection.close(CloseReason.KICKED);
}

function wallops(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (isRefused(session)) return;
  const users = irc.chat.users.all();
  for (let i = 0; i < users.length; i++) {
    if (!(users[i] instanceof IrcSession)) continue;
    const one = <IrcSession>users[i];
    if (one.getsWallops) one.sendLine(`:${session.user.mask} WALLOPS :${words[0]}`);
  }
}

export const serverCommands: Array<IrcCommand> = [
  new IrcCommand("LUSERS", 0, lusers),
  new IrcCommand("MOTD", 0, motd),
  new IrcCommand("VERSION", 0, version),
  new IrcCommand("TIME", 0, time),
  new IrcCommand("ADMIN", 0, admin),
  new IrcCommand("INFO", 0, info),
  new IrcCommand("LINKS", 0, links),
  new IrcCommand("STATS", 0, stats),
  new IrcCommand("HELP", 0, help),
  new IrcCommand("HELPOP", 0, help),
  new IrcCommand("OPER", 2, oper),
  new IrcCommand("KILL", 1, kill),
  new IrcCommand("WALLOPS", 1, wallops),
];
