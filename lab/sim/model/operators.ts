/** What operators do at the console that changes something: bans and mutes. */
import type { ChatModel } from "./chat.js";
import { durationText, type Penalty } from "./penalties.js";
import type { Person } from "./member.js";
import { countText } from "./words.js";

const DRAIN_SECONDS = "10";
const DRAIN_SECONDS_MOST = 3600;

type Operate = (chat: ChatModel<unknown>, rest: string) => string | RegExp;

export const OPERATORS: Record<string, Operate> = {
  ban: (chat, rest) => {
    const mistake = chat.hall.bans.mistake("ban", rest);
    if (mistake !== "") return `${mistake}\n`;
    const now = chat.hall.around.seconds();
    const ban = chat.hall.bans.impose(rest, now);
    const found = meantBy(chat, ban);
    for (const person of found) {
      person.parting = ban.describe(now);
      chat.hall.close(person, "banned");
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
    if (!chat.hall.bans.remove(who)) return `${who} is not banned\n`;
    return told(chat, "unbanned", `${who} is not banned any more`);
  },
  bans: (chat) => chat.hall.bans.text(chat.hall.around.seconds()),
  mute: (chat, rest) => {
    const mistake = chat.hall.mutes.mistake("mute", rest);
    if (mistake !== "") return `${mistake}\n`;
    const now = chat.hall.around.seconds();
    const mute = chat.hall.mutes.impose(rest, now);
    const found = meantBy(chat, mute);
    for (const person of found) {
      person.mute = chat.hall.muteOf(person) ?? mute;
      chat.hall.isMute(person);
    }
    return told(chat, "mute", `${mute.who} is mute ${mute.describe(now)}`, `${found.length} here`);
  },
  unmute: (chat, who) => {
    if (who === "") return "unmute is used like this: unmute WHO\n";
    const { hall } = chat;
    const mute = hall.mutes.find(who);
    if (mute === undefined) return `${who} is not mute\n`;
    hall.mutes.remove(who);
    for (const person of meantBy(chat, mute)) {
      person.mute = hall.muteOf(person);
      if (person.mute === undefined) hall.tell(person, "you are heard again");
    }
    return told(chat, "unmuted", `${who} is heard again`);
  },
  mutes: (chat) => chat.hall.mutes.text(chat.hall.around.seconds()),
  limits: (chat) => chat.hall.limits.list(),
  set: (chat, rest) => {
    const { hall } = chat;
    const { answer, isDone } = hall.limits.set(rest);
    if (!isDone) return answer;
    // Somebody may have been silent for too long by now.
    hall.limits.changedAt = hall.around.tickNow();
    return answer;
  },
  drain: (chat, rest) => {
    const text = rest === "" ? DRAIN_SECONDS : rest;
    const seconds = /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : Infinity;
    if (seconds > DRAIN_SECONDS_MOST) {
      return `drain is used like this: drain [SECONDS], ${DRAIN_SECONDS_MOST} at most\n`;
    }
    if (!chat.drain(seconds)) return "it is stopping already\n";
    const people = countText(chat.hall.people.size, "person is", "people are");
    return `${people} sent away within ${durationText(seconds)}\n`;
  },
};

/** Those here whom it is for, or whom it has been for. */
function meantBy(chat: ChatModel<unknown>, penalty: Penalty): Person[] {
  return [...chat.hall.people.values()].filter(
    (person) => penalty.hits(person) || person.mute?.key === penalty.key,
  );
}

function told(chat: ChatModel<unknown>, event: string, message: string, count?: string): string {
  chat.log.say({ event, message });
  return count === undefined ? `${message}\n` : `${message} (${count})\n`;
}
