/** MODE: the modes of channels, and those of the client itself. */
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";

function mode(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (words[0].startsWith("#")) channelMode(irc, session, words);
  else userMode(irc, session, words);
}

/** Tells the modes of a channel: as yet, all have the same. */
function channelMode(irc: Irc, session: IrcSession, words: Array<string>): void {
  const room = irc.findRoom(words[0]);
  if (room === null) {
    session.numeric("403", words[0], "No such channel");
    return;
  }
  const channel = `#${room.name}`;
  if (words.length == 1) {
    session.plain("324", `${channel} +n`);
    session.plain("329", `${channel} ${room.createdAt}`);
  } else if (words.length == 2 && (words[1] == "b" || words[1] == "+b")) {
    session.numeric("368", channel, "End of channel ban list");
  } else {
    session.numeric("482", channel, "You're not a channel operator");
  }
}

/** Answers MODE for a nick: a client may read and change its own modes. */
function userMode(irc: Irc, session: IrcSession, words: Array<string>): void {
  const person = irc.findUser(session, words[0]);
  if (person === null) return;
  if (person !== session) {
    session.numeric("502", "", "Can't change mode for other users");
    return;
  }
  if (words.length == 1) {
    session.plain("221", session.modes);
    return;
  }
  const before = session.modes;
  let isUnknown = false;
  let adds = true;
  for (let i = 0; i < words[1].length; i++) {
    const mode = words[1].charAt(i);
    if (mode == "+" || mode == "-") adds = mode == "+";
    else if (mode == "i") session.isInvisible = adds;
    else if (mode == "w") session.getsWallops = adds;
    else if (mode == "B") session.user.isBot = adds;
    else if (mode == "o") session.isOperator = session.isOperator && adds;
    else isUnknown = true;
  }
  if (isUnknown) session.numeric("501", "", "Unknown mode flag");
  const changed = modeChanges(before, session.modes);
  if (changed != "") session.line(`:${session.user.mask} MODE ${session.user.name} ${changed}`);
}

/** Returns the difference between two sets of modes: `+i-w`. */
function modeChanges(before: string, after: string): string {
  let added = "";
  let removed = "";
  for (let i = 1; i < after.length; i++) {
    if (!before.includes(after.charAt(i))) added += after.charAt(i);
  }
  for (let i = 1; i < before.length; i++) {
    if (!after.includes(before.charAt(i))) removed += before.charAt(i);
  }
  return (added == "" ? "" : `+${added}`) + (removed == "" ? "" : `-${removed}`);
}

export const modeCommands: Array<IrcCommand> = [new IrcCommand("MODE", 1, mode)];
