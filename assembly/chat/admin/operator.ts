/** The operator's commands that change something: options, bans, mutes, drain. */
import { countText } from "../../text/count_text";
import { durationText } from "../../text/duration";
import { parseDecimal } from "../../text/decimal";
import { afterFirstWord, firstWord } from "../../text/words";
import { Answer, refusal } from "./answer";
import { applyOption, optionLines } from "../options/apply_options";
import { Reach } from "../options/chat_option";
import { DRAIN_SECONDS, DRAIN_SECONDS_MOST } from "./drain";
import { PenaltyRequest } from "./penalty_request";
import { Penalties, Penalty, PENALTIES_MOST } from "../users/penalties";
import { RoomOperations } from "../commands/room_operations";
import { ModeChange } from "../rooms/mode_change";
import { RoomFault } from "../rooms/room_rules";
import { Chat } from "../chat";
import { ChatServer } from "../server";

const FULL = `there are ${PENALTIES_MOST} already: take some back\n`;

export const OPERATOR_HELP = `limits             lists all options and values, and which can be set
set NAME VALUE     changes an option
ban WHO [TIME] [WHY]   keeps out a name, an address or a network: ban 10.0.0.0/8 2h spam
unban WHO          ends a ban
bans               lists the bans
mute WHO [TIME] [WHY]  hides what a user says from all others
unmute WHO         ends a mute
mutes              lists the mutes
op NAME [ROOM]     makes a user an operator of a room, or of the lobby
deop NAME [ROOM]   makes an operator of a room a plain user
drain [SECONDS]    accepts no client, closes the clients one by one, and stops
`;

/** Runs a command. @returns its answer, or null if there is no such command */
export function runOperatorCommand(
  server: ChatServer,
  command: string,
  rest: string,
): Answer | null {
  const chat = server.chat;
  if (command == "limits") return listLimits();
  if (command == "set") return setOption(chat, rest);
  if (command == "ban") return banUsers(chat, rest);
  if (command == "unban") return liftBan(chat, rest);
  if (command == "bans") return new Answer(chat.admission.bans.text(chat.now));
  if (command == "mute") return muteUsers(chat, rest);
  if (command == "unmute") return liftMute(chat, rest);
  if (command == "mutes") return new Answer(chat.admission.mutes.text(chat.now));
  if (command == "op" || command == "deop") return setRoomOperator(chat, command == "op", rest);
  if (command == "drain") return beginDrain(server, rest);
  return null;
}

function listLimits(): Answer {
  const live = optionLines(Reach.LIVE);
  return new Answer(`${live}these need a restart:\n${optionLines(Reach.START)}`);
}

function setOption(chat: Chat, rest: string): Answer {
  const name = firstWord(rest);
  const value = afterFirstWord(rest);
  if (value == "") {
    return refusal("set is used like this: set NAME VALUE; limits lists the names\n");
  }
  const mistake = applyOption(chat.settings, name, value);
  if (mistake != "") return refusal(`${mistake}\n`);
  // With a shorter timeout, a client may be due now.
  chat.connections.idleScan.scheduleCheck(chat.loop.now);
  return new Answer(`${name} is ${value} now\n`);
}

function banUsers(chat: Chat, rest: string): Answer {
  const request = new PenaltyRequest("ban", rest);
  if (request.mistake != "") return refusal(`${request.mistake}\n`);
  const penalty = addPenalty(chat, chat.admission.bans, request);
  if (penalty === null) return refusal(FULL);
  const closed = chat.admission.closeBanned(penalty);
  return reportPenalty(chat, "banned", penalty, `${closed} closed`);
}

function liftBan(chat: Chat, who: string): Answer {
  if (who == "") return refusal("unban is used like this: unban WHO\n");
  if (chat.admission.bans.remove(who) === null) return refusal(`${who} is not banned\n`);
  chat.log.info("unbanned", `${who} is not banned any more`);
  return new Answer(`${who} is not banned any more\n`);
}

function muteUsers(chat: Chat, rest: string): Answer {
  const request = new PenaltyRequest("mute", rest);
  if (request.mistake != "") return refusal(`${request.mistake}\n`);
  const penalty = addPenalty(chat, chat.admission.mutes, request);
  if (penalty === null) return refusal(FULL);
  const found = chat.admission.applyMute(penalty);
  return reportPenalty(chat, "mute", penalty, `${found} here`);
}

function liftMute(chat: Chat, who: string): Answer {
  if (who == "") return refusal("unmute is used like this: unmute WHO\n");
  const mute = chat.admission.mutes.remove(who);
  if (mute === null) return refusal(`${who} is not mute\n`);
  chat.admission.liftMute(mute);
  chat.log.info("unmuted", `${who} is heard again`);
  return new Answer(`${who} is heard again\n`);
}

/** Makes a user an operator of a room, or ends that. If no room is given, it is the lobby. */
function setRoomOperator(chat: Chat, isSet: bool, rest: string): Answer {
  const command = isSet ? "op" : "deop";
  const name = firstWord(rest);
  if (name == "") return refusal(`${command} is used like this: ${command} NAME [ROOM]\n`);
  const given = afterFirstWord(rest);
  const room = given == "" ? chat.rooms.lobby : chat.rooms.find(given);
  if (room === null) return refusal(`there is no room ${given}\n`);
  const change = new ModeChange("o", isSet, name);
  const fault = RoomOperations.changeModes(chat, null, room, [change]).fault;
  if (fault == RoomFault.NO_USER) return refusal(`nobody is called ${name}\n`);
  if (fault == RoomFault.NOT_IN_ROOM) return refusal(`${name} is not in ${room.name}\n`);
  const text = `${change.argument} is ${isSet ? "an" : "no"} operator of ${room.name}`;
  chat.log.info(command, text);
  return new Answer(`${text}\n`);
}

function beginDrain(server: ChatServer, rest: string): Answer {
  const seconds = rest == "" ? DRAIN_SECONDS : parseDecimal(rest, DRAIN_SECONDS_MOST);
  if (seconds < 0) {
    return refusal(`drain is used like this: drain [SECONDS], ${DRAIN_SECONDS_MOST} at most\n`);
  }
  if (!server.drain(seconds)) return refusal("it is stopping already\n");
  const users = countText(server.chat.users.size, "person is", "people are");
  return new Answer(`${users} sent away within ${durationText(seconds)}\n`);
}

function addPenalty(chat: Chat, penalties: Penalties, request: PenaltyRequest): Penalty | null {
  const end = request.seconds > 0 ? chat.now + request.seconds : 0;
  const who = chat.admission.nameWithAddress(request.who);
  return penalties.add(who, end, request.why, chat.now);
}

function reportPenalty(chat: Chat, event: string, penalty: Penalty, count: string): Answer {
  const text = `${penalty.who} is ${event} ${penalty.describe(chat.now)}`;
  chat.log.info(event, text);
  return new Answer(`${text} (${count})\n`);
}
