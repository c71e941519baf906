/** The modes of a room, which its operators set. room_rules.ts applies them. */
import { MaskList } from "./mask_list";

/** A key of a room has at most this many characters. @limit characters */
export const KEY_CHARACTERS: i32 = 32;
/** The greatest limit of users that an operator can set for a room. @limit users */
export const ROOM_LIMIT_MOST: i32 = 1_000_000;

/** The modes that are on or off. */
export enum RoomFlag {
  /** `i`: only invited users may enter. */
  INVITE_ONLY = 1,
  /** `m`: only operators and users with a voice may speak. */
  MODERATED = 2,
  /** `n`: only users in the room may speak to it. */
  NO_OUTSIDERS = 4,
  /** `s`: only users in the room learn of it. */
  SECRET = 8,
  /** `t`: only operators may set the topic. */
  TOPIC_LOCKED = 16,
  /** `C`: no requests from program to program (CTCP), which only IRC has. */
  NO_CTCP = 32,
}

/** The letters of the flags, from the lowest bit on. */
const FLAG_LETTERS = "imnstC";

export class RoomModes {
  flags: u32 = RoomFlag.NO_OUTSIDERS;
  /** The key that a user needs to enter; empty for none. */
  key: string = "";
  /** The most users; 0: no limit. */
  limit: i32 = 0;
  bans: MaskList = new MaskList();
  /** The masks of users that may enter in spite of a ban. */
  exceptions: MaskList = new MaskList();
  /** The masks of users that need no invitation. */
  invitations: MaskList = new MaskList();
  /** A number that grows with each change of a list. */
  revision: u32 = 1;

  // @ts-ignore: decorator
  @inline
  has(flag: RoomFlag): bool {
    return (this.flags & flag) != 0;
  }

  /** True if not all users may enter the room or learn of it: its history is for its members. */
  get isPrivate(): bool {
    return this.key != "" || this.has(RoomFlag.INVITE_ONLY) || this.has(RoomFlag.SECRET);
  }

  /** Sets or clears a flag by its letter. @returns false if it is so already */
  setFlag(letter: string, isSet: bool): bool {
    const flag: u32 = 1 << FLAG_LETTERS.indexOf(letter);
    const before = this.flags;
    this.flags = isSet ? before | flag : before & ~flag;
    return this.flags != before;
  }

  /** Returns the list with this letter. */
  maskListOf(letter: string): MaskList {
    return letter == "b" ? this.bans : letter == "e" ? this.exceptions : this.invitations;
  }

  /** Returns the letters of what is set, except lists, with a plus: `+knt`. */
  letters(): string {
    let text = "+";
    for (let i = 0; i < FLAG_LETTERS.length; i++) {
      if ((this.flags & (1 << i)) != 0) text += FLAG_LETTERS.charAt(i);
    }
    if (this.key != "") text += "k";
    return this.limit > 0 ? text + "l" : text;
  }

  /** Returns the values of the letters that have one. */
  values(): Array<string> {
    const words: Array<string> = [];
    if (this.key != "") words.push(this.key);
    if (this.limit > 0) words.push(this.limit.toString());
    return words;
  }
}
