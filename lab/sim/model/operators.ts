/** The operator commands that change the server's state: bans, mutes, settings and drains. */
import type { ChatModel } from "./chat.js";
import { durationText, type Penalty } from "./penalties.js";
import type { Session } from "./session.js";
import { changeModes } from "./room_operators.js";
import { afterFirstWord, countText, firstWord } from "./words.js";

const DRAIN_SECONDS = "10";
const DRAIN_SECONDS_MOST = 3600;

type Operate = (chat: ChatModel<unknown>, rest: string) => string | RegExp;

export const OPERATORS: Record<string, Operate> = {
  ban: (chat, rest) => {
    const mistake = chat.server.bans.mistake("ban", rest);
    if (mistake !== "") return `${mistake}\n`;
    const now = chat.server.context.seconds();
    const ban = chat.server.bans.impose(rest, now, (name) => chat.server.find(name));
    const found = meantBy(chat, ban);
    for (const session of found) {
      session.parting = ban.describe(now);
      chat.server.close(session, "banned");
    }
    return told(
      chat,
      "banned",
      `${ban.who} is banned ${ban.describe(now)}`,
      `${found.length} closed`,
    );
  },
  unban: (chat, who) => {
    if (who === "") return "unban is used like this: unban WHO\n";
    if (!chat.server.bans.remove(who)) return `${who} is not banned\n`;
    return told(chat, "unbanned", `${who} is not banned any more`);
  },
  bans: (chat) => chat.server.bans.text(chat.server.context.seconds()),
  mute: (chat, rest) => {
    const mistake = chat.server.mutes.mistake("mute", rest);
    if (mistake !== "") return `${mistake}\n`;
    const now = chat.server.context.seconds();
    const mute = chat.server.mutes.impose(rest, now, (name) => chat.server.find(name));
    const found = meantBy(chat, mute);
    for (const session of found) {
      session.mute = chat.server.muteOf(session) ?? mute;
      chat.server.isMute(session);
    }
    return told(chat, "mute", `${mute.who} is mute ${mute.describe(now)}`, `${found.length} here`);
  },
  unmute: (chat, who) => {
    if (who === "") return "unmute is used like this: unmute WHO\n";
    const { server } = chat;
    const mute = server.mutes.find(who);
    if (mute === undefined) return `${who} is not mute\n`;
    server.mutes.remove(who);
    for (const session of meantBy(chat, mute)) {
      session.mute = server.muteOf(session);
      if (session.mute === undefined) server.tell(session, "you are heard again");
    }
    return told(chat, "unmuted", `${who} is heard again`);
  },
  mutes: (chat) => chat.server.mutes.text(chat.server.context.seconds()),
  limits: (chat) => chat.server.limits.list(),
  set: (chat, rest) => {
    const { server } = chat;
    const { answer, isDone } = server.limits.set(rest);
    if (!isDone) return answer;
    // The change may make a limit due at once, so the time until a late close counts from now on.
    server.limits.changedAt = server.context.tickNow();
    return answer;
  },
  op: (chat, rest) => setOperator(chat, true, rest),
  deop: (chat, rest) => setOperator(chat, false, rest),
  drain: (chat, rest) => {
    const text = rest === "" ? DRAIN_SECONDS : rest;
    const seconds = /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : Infinity;
    if (seconds > DRAIN_SECONDS_MOST) {
      return `drain is used like this: drain [SECONDS], ${DRAIN_SECONDS_MOST} at most\n`;
    }
    if (!chat.drain(seconds)) return "it is stopping already\n";
    const people = countText(chat.server.people.size, "person is", "people are");
    return `${people} sent away within ${durationText(seconds)}\n`;
  },
};

/** Makes a user an operator of a room, or of the lobby, or ends that. */
function setOperator({ server, log }: ChatModel<unknown>, isSet: boolean, rest: string): string {
  const event = isSet ? "op" : "deop";
  const name = firstWord(rest);
  if (name === "") return `${event} is used like this: ${event} NAME [ROOM]\n`;
  const given = afterFirstWord(rest);
  const room = given === "" ? server.rooms.lobby : server.rooms.find(given);
  if (room === undefined) return `there is no room ${given}\n`;
  const change = { letter: "o", isSet, argument: name };
  const { fault } = changeModes(server, undefined, room, [change]);
  if (fault === "no-person") return `nobody is called ${name}\n`;
  if (fault === "not-there") return `${name} is not in ${room.name}\n`;
  const message = `${change.argument} is ${isSet ? "an" : "no"} operator of ${room.name}`;
  log.say({ event, message });
  return `${message}\n`;
}

/** Returns the users that a penalty applies to, or has applied to. */
function meantBy(chat: ChatModel<unknown>, penalty: Penalty): Session[] {
  return [...chat.server.people.values()].filter(
    (session) => penalty.hits(session) || session.mute?.key === penalty.key,
  );
}

function told(chat: ChatModel<unknown>, event: string, message: string, count?: string): string {
  chat.log.say({ event, message });
  return count === undefined ? `${message}\n` : `${message} (${count})\n`;
}
