/** The commands of a user about itself and others: AWAY, SETNAME, MONITOR. */
import { excerpt } from "../../../text/excerpt";
import { checkName, NameFault } from "../../../text/names";
import { TOPIC_CHARACTERS } from "../../limits";
import { IrcEvent } from "../../protocol/irc_event";
import { Capability } from "../../protocol/irc/capabilities";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";
import { WATCHED_MOST } from "../watchers";
import { REAL_NAME_CHARACTERS } from "./registration";

/** This many names of a MONITOR count as one more line for the rate limiter. @limit names */
const NAMES_OF_A_LINE: i32 = 10;
/** One line about watched names has at most this many bytes of names. */
const NAMES_BYTES_MOST: i32 = 380;

function away(irc: Irc, session: IrcSession, words: Array<string>): void {
  const text = words.length == 0 ? "" : excerpt(words[0], TOPIC_CHARACTERS);
  if (text != "" && irc.chat.admission.refusesMuted(session)) return;
  irc.chat.setAway(session, text);
  if (text == "") session.sendNumeric("305", "", "You are no longer marked as being away");
  else session.sendNumeric("306", "", "You have been marked as being away");
}

function setname(irc: Irc, session: IrcSession, words: Array<string>): void {
  const name = words[0];
  if (name == "" || excerpt(name, REAL_NAME_CHARACTERS) != name) {
    session.sendFail("SETNAME INVALID_REALNAME", "Realname is not valid");
    return;
  }
  if (irc.chat.admission.refusesMuted(session)) return;
  session.user.setIdentity(session.user.login, name);
  const event = new IrcEvent(session.user, `SETNAME :${name}`, Capability.SETNAME);
  irc.tellChange(session, event);
}

function monitor(irc: Irc, session: IrcSession, words: Array<string>): void {
  const sub = words[0].toUpperCase();
  const names = words.length > 1 ? words[1].split(",") : [];
  session.countTargets(1 + names.length / NAMES_OF_A_LINE);
  if (sub == "+") {
    watch(irc, session, names);
  } else if (sub == "-") {
    for (let i = 0; i < names.length; i++) irc.watchers.remove(session, names[i]);
  } else if (sub == "C") {
    irc.watchers.forgetAll(session);
  } else if (sub == "L") {
    tellNames(session, "732", session.watched.values());
    session.sendNumeric("733", "", "End of MONITOR list");
  } else if (sub == "S") {
    tellStates(irc, session, session.watched.values());
  }
}

function watch(irc: Irc, session: IrcSession, names: Array<string>): void {
  const added: Array<string> = [];
  for (let i = 0; i < names.length; i++) {
    if (checkName(names[i]) != NameFault.NONE) continue;
    if (session.watched.size >= WATCHED_MOST) {
      const rest = names.slice(i).join(",");
      session.sendNumeric("734", `${WATCHED_MOST} ${rest}`, "Monitor list is full");
      break;
    }
    irc.watchers.add(session, names[i]);
    added.push(names[i]);
  }
  tellStates(irc, session, added);
}

function tellStates(irc: Irc, session: IrcSession, names: Array<string>): void {
  const here: Array<string> = [];
  const gone: Array<string> = [];
  for (let i = 0; i < names.length; i++) {
    const found = irc.chat.users.find(names[i]);
    if (found === null) gone.push(names[i]);
    else here.push(found.user.mask);
  }
  tellNames(session, "730", here);
  tellNames(session, "731", gone);
}

/** Sends names with commas between them, in as many lines as they need. */
function tellNames(session: IrcSession, code: string, names: Array<string>): void {
  let text = "";
  for (let i = 0; i < names.length; i++) {
    if (text != "" && text.length + names[i].length > NAMES_BYTES_MOST) {
      session.sendNumeric(code, "", text);
      text = "";
    }
    text += text == "" ? names[i] : `,${names[i]}`;
  }
  if (text != "") session.sendNumeric(code, "", text);
}

export const presenceCommands: Array<IrcCommand> = [
  new IrcCommand("AWAY", 0, away),
  new IrcCommand("SETNAME", 1, setname),
  new IrcCommand("MONITOR", 1, monitor),
];
