/** MODE: the modes of channels, and those of the client itself. */
import { RoomOperations } from "../../commands/room_operations";
import { ModeChange, ModeKind, parseModeChanges } from "../../rooms/mode_change";
import { Room } from "../../rooms/room";
import { RoomFault } from "../../rooms/room_rules";
import { tellFault } from "../faults";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";

function mode(irc: Irc, session: IrcSession, words: Array<string>): void {
  if (words[0].startsWith("#")) channelMode(irc, session, words);
  else userMode(irc, session, words);
}

function channelMode(irc: Irc, session: IrcSession, words: Array<string>): void {
  const room = irc.findRoom(words[0]);
  if (room === null || (room.isSecret && session.membershipIn(room) === null)) {
    session.sendNumeric("403", words[0], "No such channel");
    return;
  }
  if (words.length == 1) {
    tellModes(session, room);
    return;
  }
  const changes = parseModeChanges(words[1], words.slice(2));
  const others = changes.filter((one) => one.kind != ModeKind.LIST || one.argument != "");
  for (let i = 0; i < changes.length; i++) {
    const one = changes[i];
    if (one.kind == ModeKind.LIST && one.argument == "") tellMasks(session, room, one.letter);
  }
  if (others.length > 0) change(irc, session, room, others);
}

/** Tells the modes of a channel; the key and the limit only to its members. */
function tellModes(session: IrcSession, room: Room): void {
  const channel = `#${room.name}`;
  const words = [channel, room.modes.letters()];
  const isMember = session.membershipIn(room) !== null;
  session.sendPlainNumeric("324", (isMember ? words.concat(room.modes.values()) : words).join(" "));
  session.sendPlainNumeric("329", `${channel} ${room.createdAt}`);
}

function tellMasks(session: IrcSession, room: Room, letter: string): void {
  const isBan = letter == "b";
  const row = isBan ? "367" : letter == "e" ? "348" : "346";
  const end = isBan ? "368" : letter == "e" ? "349" : "347";
  const masks = room.modes.maskListOf(letter).entries;
  const channel = `#${room.name}`;
  for (let i = 0; i < masks.length; i++) {
    session.sendPlainNumeric(row, `${channel} ${masks[i].mask} ${masks[i].by} ${masks[i].since}`);
  }
  session.sendNumeric(end, channel, "End of channel list");
}

function change(irc: Irc, session: IrcSession, room: Room, changes: Array<ModeChange>): void {
  const channel = `#${room.name}`;
  const membership = session.membershipIn(room);
  session.isOpening = false;
  if (membership === null) {
    session.sendNumeric("442", channel, "You're not on that channel");
    return;
  }
  if (irc.chat.admission.refusesMuted(session)) return;
  const result = RoomOperations.changeModes(irc.chat, membership, room, changes);
  const faulty = result.faulty;
  if (faulty === null) return;
  // A parameter in the middle of a line does not begin with a colon.
  const isBroken = faulty.argument.trim() == "" || faulty.argument.trim().startsWith(":");
  const value = isBroken || faulty.kind == ModeKind.KEY ? "*" : faulty.argument.replaceAll(" ", "");
  const isName = result.fault == RoomFault.NO_USER || result.fault == RoomFault.NOT_IN_ROOM;
  const isValue = result.fault == RoomFault.BAD_VALUE;
  const subject = isName ? value : isValue ? `${faulty.letter} ${value}` : faulty.letter;
  tellFault(session, result.fault, channel, subject);
}

/** Answers MODE for a nick: a client may read and change its own modes. */
function userMode(irc: Irc, session: IrcSession, words: Array<string>): void {
  const person = irc.findUser(session, words[0]);
  if (person === null) return;
  if (person !== session) {
    session.sendNumeric("502", "", "Can't change mode for other users");
    return;
  }
  if (words.length == 1) {
    session.sendPlainNumeric("221", session.modes);
    return;
  }
  const before = session.modes;
  let isUnknown = false;
  let adds = true;
  for (let i = 0; i < words[1].length; i++) {
    const letter = words[1].charAt(i);
    if (letter == "+" || letter == "-") adds = letter == "+";
    else if (letter == "i") session.isInvisible = adds;
    else if (letter == "w") session.getsWallops = adds;
    else if (letter == "B") session.user.isBot = adds;
    else if (letter == "o") session.isOperator = session.isOperator && adds;
    else isUnknown = true;
  }
  if (isUnknown) session.sendNumeric("501", "", "Unknown mode flag");
  const changed = modeChanges(before, session.modes);
  if (changed != "") session.sendLine(`:${session.user.mask} MODE ${session.user.name} ${changed}`);
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

export const modeCommands: Array<IrcCommand> = [new IrcCommand("MODE", 1, mode, false, true)];
