/** The commands of the operators of rooms, after reference/commands.md. */
import { enterRoom, takeOut } from "./entering.js";
import { findMembership } from "./find_membership.js";
import type { Membership } from "./membership.js";
import { type ModeChange, modeLetters, modeWords } from "./mode_words.js";
import { list, speaks, tellOperation } from "./presence.js";
import type { Room } from "./room.js";
import { isTooLong } from "./room_commands.js";
import { completeMask, type Fault, MASKS_MOST } from "./room_modes.js";
import { tellFault } from "./room_refusals.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";
import { hasSeveralRooms, SHOWN_CHARACTERS } from "./settings.js";
import { afterFirstWord, excerpt, firstWord, type News } from "./words.js";

const CHANGES_MOST = 20;
const MASK_CHARACTERS = 150;
const KEY_CHARACTERS = 32;
const LIMIT_MOST = 1_000_000;
const LIST_NAMES: Record<string, string> = {
  ...{ b: "bans", e: "exceptions from bans", I: "invitations" },
};

type Run = (server: ServerModel, session: Session, rest: string, inRoom: string) => void;

/** Returns a command that gives members a right, or takes it. */
export function member(letter: string, isSet: boolean): Run {
  return withMembership((server, at, argument) => {
    change(server, at, [{ letter, isSet, argument }]);
  });
}

export const kick: Run = withMembership((server, at, rest) => {
  const name = firstWord(rest);
  const why = afterFirstWord(rest);
  const target = server.find(name);
  if (target !== undefined && isTooLong(server, at.session, why)) return;
  const fault = target === undefined ? "no-person" : kickUser(server, at, target, why);
  tellFault(server, at.session, fault, at.room.name, excerpt(name, SHOWN_CHARACTERS));
});

export const invite: Run = withMembership((server, at, name) => {
  const { room, session } = at;
  const target = server.find(name);
  const fault = target === undefined ? "no-person" : inviteUser(server, at, target);
  if (tellFault(server, session, fault, room.name, excerpt(name, SHOWN_CHARACTERS))) return;
  server.tell(session, `${String(target?.name)} is invited to ${room.name}`);
});

export const mode: Run = withMembership((server, at, rest) => {
  const { room, session } = at;
  if (rest === "") {
    server.tell(session, described(room));
    return;
  }
  const [letters = "", ...words] = rest.split(" ").filter((word) => word !== "");
  const changes = parsed(letters, words);
  for (const { letter, argument } of changes) {
    if (isList(letter) && argument === "") server.tell(session, listed(room, letter));
  }
  change(server, at, changes);
});

function withMembership(run: (server: ServerModel, at: Membership, rest: string) => void): Run {
  return (server, session, rest, inRoom) => {
    const at = findMembership(server, session, inRoom);
    if (at === undefined) return;
    speaks(server, session);
    run(server, at, rest);
  };
}

function kickUser(
  server: ServerModel,
  by: Membership,
  target: Session,
  text: string,
): Fault | undefined {
  const { room } = by;
  if (!by.isOperator) return "not-operator";
  const kicked = room.memberOf(target);
  if (kicked === undefined) return "not-there";
  const several = hasSeveralRooms(target.style);
  if (room === server.rooms.lobby && !several) return "lobby";
  const [from, name] = [by.session.name, target.name];
  const object = { type: "kick", from, name, room: room.name, text };
  const plain = `${from} sent ${name} out of ${room.name}${text === "" ? "" : `: ${text}`}`;
  list(kicked);
  tellOperation(server, by, { plain, object });
  const isTold = several || by === kicked || room.size <= server.settings.announce;
  if (!isTold) server.tell(target, { plain, object });
  server.announcements.of(room).forgets(kicked);
  takeOut(server, kicked);
  if (!several) enterRoom(server, target, server.rooms.lobby);
  return undefined;
}

function inviteUser(server: ServerModel, by: Membership, target: Session): Fault | undefined {
  const { room } = by;
  if (!by.isOperator && room.modes.has("i")) return "not-operator";
  if (room.memberOf(target) !== undefined) return "already-there";
  if (by.isOperator) {
    room.invited = [...room.invited.filter((one) => one !== target), target].slice(-100);
  }
  const from = by.session.name;
  const object = { type: "invite", from, to: target.name, room: room.name };
  const plain = `${from} invites you to ${room.name}: /join ${room.name} goes there`;
  if (!target.ignored.has(by.session)) server.tell(target, { plain, object });
  return undefined;
}

function described({ name: room, modes, members }: Room): News {
  const names = (of: (one: Membership) => boolean) =>
    members
      .filter(of)
      .map(({ session }) => session.name)
      .sort();
  const operators = names(({ isOperator }) => isOperator);
  const voices = names(({ isVoiced }) => isVoiced);
  const leaders = operators.length === 0 ? "no operators" : `operators: ${operators.join(", ")}`;
  const speakers = voices.length === 0 ? "" : `; with a voice: ${voices.join(", ")}`;
  const all = [modes.letters(), ...modes.values()].join(" ");
  const object = { type: "modes", room, modes: modes.letters(), arguments: modes.values() };
  return {
    plain: `${room} has modes ${all}; ${leaders}${speakers}`,
    object: { ...object, operators, voices },
  };
}

function listed({ name: room, modes }: Room, letter: string): News {
  const all = modes.lists[letter] ?? [];
  const named = String(LIST_NAMES[letter]);
  const masks = all.map(({ mask, by }) => `${mask} (${by})`).join(", ");
  const plain = all.length === 0 ? `${room} has no ${named}` : `${named} of ${room}: ${masks}`;
  const lists = { masks: all.map(({ mask }) => mask), by: all.map(({ by }) => by) };
  const times = all.map(({ since }) => since);
  return { plain, object: { type: "masks", room, list: letter, ...lists, times } };
}

function isList(letter: string): boolean {
  return "beI".includes(letter);
}

function parsed(letters: string, words: string[]): ModeChange[] {
  const changes: ModeChange[] = [];
  let isSet = true;
  for (const letter of letters.split("")) {
    if (changes.length > CHANGES_MOST) break;
    if (letter === "+" || letter === "-") {
      isSet = letter === "+";
      continue;
    }
    const takesOne = "beIkov".includes(letter) || (letter === "l" && isSet);
    changes.push({ letter, isSet, argument: takesOne ? (words.shift() ?? "") : "" });
  }
  return changes;
}

function change(server: ServerModel, at: Membership, changes: readonly ModeChange[]): void {
  const { room, session } = at;
  const { fault, faulty } = changeModes(server, at, room, changes);
  if (faulty === undefined) return;
  const isName = fault === "no-person" || fault === "not-there";
  const subject = isName ? excerpt(faulty.argument, SHOWN_CHARACTERS) : faulty.letter;
  tellFault(server, session, fault, room.name, subject);
}

/** Changes modes, and tells the room. @param by undefined for the administrators of the server */
export function changeModes(
  server: ServerModel,
  by: Membership | undefined,
  room: Room,
  changes: readonly ModeChange[],
): { fault: Fault | undefined; faulty: ModeChange | undefined } {
  const done: ModeChange[] = [];
  let [fault, faulty]: [Fault?, ModeChange?] = [];
  for (const [index, one] of changes.entries()) {
    if (isList(one.letter) && one.argument === "") continue;
    let result: Fault | boolean;
    if (by !== undefined && !by.isOperator) result = "not-operator";
    else if (index >= CHANGES_MOST) result = "too-many-modes";
    else result = apply(server, by?.session.name ?? "server", room, one);
    if (result === true) done.push(one);
    if (typeof result === "string" && fault === undefined) [fault, faulty] = [result, one];
  }
  if (done.length === 0) return { fault, faulty };
  const from = by?.session.name ?? "server";
  const words = done.map(({ argument }) => argument).filter((argument) => argument !== "");
  const object = { type: "mode", from, room: room.name, modes: modeLetters(done) };
  const plain = `${from}: ${done.map(modeWords).join("; ")}`;
  const news = { plain, object: { ...object, arguments: words } };
  if (by === undefined) room.announce(news);
  else tellOperation(server, by, news);
  return { fault, faulty };
}

/** Applies one change. @returns true if it had an effect, or its fault */
function apply(server: ServerModel, by: string, room: Room, one: ModeChange): Fault | boolean {
  const { letter, isSet, argument } = one;
  const { modes } = room;
  if (room === server.rooms.lobby && isSet && "ikls".includes(letter)) return "lobby";
  if ("imnstC".includes(letter)) {
    if (modes.flags.has(letter) === isSet) return false;
    if (isSet) modes.flags.add(letter);
    else modes.flags.delete(letter);
    return true;
  }
  if (letter === "o" || letter === "v") return applyToMember(server, room, one);
  if (isList(letter)) return applyMask(modes.lists[letter] ?? [], by, one, server);
  if (letter === "k") {
    const isBad = argument === "" || /^:|[ ,]/.test(argument);
    if (isSet && (isBad || Array.from(argument).length > KEY_CHARACTERS)) return "bad-value";
    const before = modes.key;
    modes.key = isSet ? argument : "";
    if (!isSet) one.argument = before;
    return modes.key !== before;
  }
  if (letter !== "l") return "unknown-mode";
  const limit = isSet && /^[1-9]\d{0,8}$/.test(argument) ? Number(argument) : 0;
  if (isSet && (limit === 0 || limit > LIMIT_MOST)) return "bad-value";
  if (modes.limit === limit) return false;
  modes.limit = limit;
  return true;
}

function applyToMember(server: ServerModel, room: Room, one: ModeChange): Fault | boolean {
  const person = server.find(one.argument);
  if (person === undefined) return one.argument === "" ? "bad-value" : "no-person";
  const at = room.memberOf(person);
  if (at === undefined) return "not-there";
  const right = one.letter === "o" ? "isOperator" : "isVoiced";
  if (at[right] === one.isSet) return false;
  list(at);
  at[right] = one.isSet;
  one.argument = person.name;
  return true;
}

function applyMask(
  masks: { mask: string; by: string; since: number }[],
  by: string,
  one: ModeChange,
  server: ServerModel,
): Fault | boolean {
  const mask = completeMask(one.argument);
  one.argument = mask;
  if (/^:| /.test(mask) || Array.from(mask).length > MASK_CHARACTERS) return "bad-value";
  if (one.isSet && masks.length >= MASKS_MOST) return "list-full";
  const place = masks.findIndex((known) => known.mask.toLowerCase() === mask.toLowerCase());
  if (place >= 0 === one.isSet) return false;
  if (one.isSet) masks.push({ mask, by, since: server.context.seconds() });
  else masks.splice(place, 1);
  return true;
}
