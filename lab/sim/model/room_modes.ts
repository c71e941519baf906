/** The modes of a room and their rules, after reference/commands.md. */
import type { Membership } from "./membership.js";
import { keyOf } from "./names.js";
import type { Room } from "./room.js";
import type { Session } from "./session.js";

const FLAGS = "imnstC";
export const MASKS_MOST = 100;

export interface Mask {
  mask: string;
  by: string;
  since: number;
}

export class RoomModes {
  readonly flags = new Set<string>("n");
  key = "";
  limit = 0;
  readonly lists: Record<string, Mask[]> = { b: [], e: [], I: [] };

  has(flag: string): boolean {
    return this.flags.has(flag);
  }

  /** True if not all users may enter the room or learn of it. */
  get isPrivate(): boolean {
    return this.key !== "" || this.has("i") || this.has("s");
  }

  matches(letter: string, { name, key }: Session): boolean {
    return (this.lists[letter] ?? []).some(({ mask }) => maskMatches(mask, name, key));
  }

  isBanned(session: Session): boolean {
    return this.matches("b", session) && !this.matches("e", session);
  }

  letters(): string {
    const flags = Array.from(FLAGS)
      .filter((flag) => this.flags.has(flag))
      .join("");
    return `+${flags}${this.key === "" ? "" : "k"}${this.limit > 0 ? "l" : ""}`;
  }

  values(): string[] {
    return [this.key, this.limit > 0 ? String(this.limit) : ""].filter((value) => value !== "");
  }
}

/** Returns true if a mask matches a name. The model knows no logins and hosts: they must be `*`. */
function maskMatches(mask: string, name: string, key: string): boolean {
  const [nick = "", rest] = mask.split("!");
  if (rest !== "*@*") return false;
  if (!/[*?]/.test(nick)) return keyOf(nick) === key;
  const escaped = nick.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const pattern = `^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`.toLowerCase();
  return new RegExp(pattern, "s").test(name.toLowerCase());
}

export function completeMask(text: string): string {
  const mark = text.indexOf("!");
  const at = text.indexOf("@", Math.max(mark, 0));
  if (mark < 0) return at < 0 ? `${text}!*@*` : `*!${text}`;
  return at < 0 ? `${text}@*` : text;
}

export type Fault =
  | "not-operator"
  | "banned"
  | "wrong-key"
  | "room-full"
  | "invite-only"
  | "moderated"
  | "no-person"
  | "not-there"
  | "already-there"
  | "unknown-mode"
  | "bad-value"
  | "list-full"
  | "lobby"
  | "too-many-modes";

/** Returns why a user may not enter a room; undefined if it may. */
export function mayEnter(room: Room, session: Session, key: string): Fault | undefined {
  const { modes } = room;
  if (room.invited.includes(session)) return undefined;
  if (modes.isBanned(session)) return "banned";
  if (modes.has("i") && !modes.matches("I", session)) return "invite-only";
  if (modes.key !== "" && modes.key !== key) return "wrong-key";
  return modes.limit > 0 && room.size >= modes.limit ? "room-full" : undefined;
}

export function maySpeak({ room, session, isOperator, isVoiced }: Membership): Fault | undefined {
  if (isOperator || isVoiced) return undefined;
  if (room.modes.has("m")) return "moderated";
  return room.modes.isBanned(session) ? "banned" : undefined;
}

export function maySetTopic(member: Membership): Fault | undefined {
  if (member.isOperator) return undefined;
  return member.room.modes.has("t") ? "not-operator" : maySpeak(member);
}
