/** A list of masks of a room: its bans, exceptions or invitations. */
import { User } from "../users/user";
import { maskMatches } from "./mask";

/** A room has at most this many bans, exceptions and invitations each. @limit masks */
export const MASKS_MOST: i32 = 100;
/** A mask has at most this many characters. @limit characters */
export const MASK_CHARACTERS: i32 = 150;

export class RoomMask {
  constructor(
    public mask: string,
    /** The name of the user that set the mask. */
    public by: string,
    /** The time at which the mask was set, in seconds since 1970. */
    public since: i64,
  ) {}
}

/** Shared by all empty lists. */
const NO_MASKS: Array<RoomMask> = [];

export class MaskList {
  entries: Array<RoomMask> = NO_MASKS;

  get isFull(): bool {
    return this.entries.length >= MASKS_MOST;
  }

  /** Adds a complete mask. @returns false if it is in the list */
  add(mask: string, by: string, now: i64): bool {
    if (this.indexOf(mask) >= 0) return false;
    if (this.entries === NO_MASKS) this.entries = [];
    this.entries.push(new RoomMask(mask, by, now));
    return true;
  }

  /** Removes a mask. @returns false if it is not in the list */
  remove(mask: string): bool {
    const index = this.indexOf(mask);
    if (index >= 0) this.entries.splice(index, 1);
    return index >= 0;
  }

  /** Returns true if a mask matches a user. */
  matches(user: User): bool {
    for (let i = 0; i < this.entries.length; i++) {
      if (maskMatches(this.entries[i].mask, user)) return true;
    }
    return false;
  }

  private indexOf(mask: string): i32 {
    const lower = mask.toLowerCase();
    for (let i = 0; i < this.entries.length; i++) {
      if (this.entries[i].mask.toLowerCase() == lower) return i;
    }
    return -1;
  }
}
