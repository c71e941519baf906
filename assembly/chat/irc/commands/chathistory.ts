/** CHATHISTORY (https://ircv3.net/specs/extensions/chathistory). */
import { parseDecimal } from "../../../text/decimal";
import { Capability } from "../../protocol/irc/capabilities";
import { Membership } from "../../rooms/room";
import { sendItems } from "../history";
import { Bound, HistoryRange } from "../history_range";
import { Irc } from "../irc";
import { IrcCommand } from "../irc_command";
import { IrcSession } from "../irc_session";
import { timeText } from "../../protocol/irc/time_tag";
import { HISTORY_MOST } from "../support";

/** The greatest number of a limit. */
const LIMIT_MOST: i32 = 1_000_000;

function chathistory(irc: Irc, session: IrcSession, words: Array<string>): void {
  const sub = words.length == 0 ? "" : words[0].toUpperCase();
  const needed = sub == "BETWEEN" ? 5 : 4;
  if (!["LATEST", "BEFORE", "AFTER", "AROUND", "BETWEEN", "TARGETS"].includes(sub)) {
    session.sendFail(`CHATHISTORY INVALID_PARAMS ${sub == "" ? "*" : words[0]}`, "Unknown command");
    return;
  }
  if (words.length < needed) {
    session.sendFail(`CHATHISTORY NEED_MORE_PARAMS ${sub}`, "Missing parameters");
    return;
  }
  const limit = parseDecimal(words[needed - 1], LIMIT_MOST);
  const first = Bound.parse(sub == "TARGETS" ? words[1] : words[2], irc.chat.epoch);
  const hasSecond = sub == "BETWEEN" || sub == "TARGETS";
  const second = hasSecond ? Bound.parse(words[needed - 2], irc.chat.epoch) : first;
  const isStar = sub == "LATEST" && words[2] == "*";
  if (limit < 0 || ((first === null || second === null) && !isStar)) {
    session.sendFail(`CHATHISTORY INVALID_PARAMS ${sub}`, "Invalid parameters");
    return;
  }
  const most = limit == 0 ? HISTORY_MOST : min(limit, HISTORY_MOST);
  if (sub == "TARGETS") {
    tellTargets(irc, session, first!, second!, most);
    return;
  }
  const membership = membershipIn(irc, session, words[1]);
  if (membership === null) {
    session.sendFail(
      `CHATHISTORY INVALID_TARGET ${sub} ${words[1]}`,
      "Messages could not be retrieved",
    );
    return;
  }
  const range = new HistoryRange(membership.room, session.hasCapability(Capability.EVENT_PLAYBACK));
  if (sub == "LATEST") range.select(isStar ? null : first, null, most, true);
  else if (sub == "BEFORE") range.select(null, first, most, true);
  else if (sub == "AFTER") range.select(first, null, most, false);
  else if (sub == "AROUND") range.selectAround(first!, most);
  else if (first!.isBefore(second!)) range.select(first, second, most, false);
  else range.select(second, first, most, true);
  sendItems(irc, session, membership.room, range.items);
}

function membershipIn(irc: Irc, session: IrcSession, channel: string): Membership | null {
  const room = irc.findRoom(channel);
  return room === null ? null : session.membershipIn(room);
}

/** TARGETS: lists the rooms of the client that had messages between two times. */
function tellTargets(irc: Irc, session: IrcSession, one: Bound, other: Bound, most: i32): void {
  const after = one.isBefore(other) ? one : other;
  const before = one.isBefore(other) ? other : one;
  const batch = irc.nextBatch();
  const name = irc.context.name;
  session.sendLine(`:${name} BATCH +${batch} draft/chathistory-targets`);
  const memberships = session.memberships;
  for (let i = 0; i < min(memberships.length, most); i++) {
    const room = memberships[i].room;
    const range = new HistoryRange(room, false);
    range.select(after, before, 1, true);
    if (range.items.length == 0) continue;
    irc.chat.readPast(room, <u32>range.items[0]);
    const time = timeText(irc.chat.message.milliseconds);
    session.sendLine(`@batch=${batch} :${name} CHATHISTORY TARGETS #${room.name} ${time}`);
  }
  session.sendLine(`:${name} BATCH -${batch}`);
}

export const historyCommands: Array<IrcCommand> = [
  new IrcCommand("CHATHISTORY", 0, chathistory, false, true),
];
