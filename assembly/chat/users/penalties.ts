/**
 * Bans and mutes: by name, by address or by network, temporary or permanent. admission.ts applies
 * them. A penalty for `bob@203.0.113.7` is for a name with the address of the client that had it.
 * It matches a client from this address under any name.
 *
 * Their text form has a line `END WHO WHY` for each, with END in seconds since 1970, or 0 for no
 * end.
 */
import { durationText } from "../../text/duration";
import { excerpt } from "../../text/excerpt";
import { IpRange, parseRange, rangeOfPeer } from "../../text/ip_range";
import { afterFirstWord, firstWord } from "../../text/words";
import { isDigits } from "../../text/options";
import { nameKey } from "./name_key";

/** The server has at most this many bans, and at most this many mutes. @limit entries */
export const PENALTIES_MOST: i32 = 1000;
/** The reason of a ban, a mute or a kick has at most this many characters. @limit characters */
export const WHY_CHARACTERS: i32 = 200;

/** A name with an address has at most this many characters. */
const WHO_CHARACTERS: i32 = 128;

export class Penalty {
  /** The network that it matches; null if it matches a name alone. */
  range: IpRange | null;
  /** The key in {@link Penalties}: that of the name, or the network. */
  key: string;

  constructor(
    public who: string,
    /** The end in seconds since 1970; 0: none. */
    public end: i64,
    public why: string,
  ) {
    const at = who.indexOf("@");
    const name = at < 0 ? "" : who.substring(0, at);
    const address = who.substring(at + 1);
    let range = parseRange(address);
    // A user without a chosen name is named by its address and port.
    if (range === null) range = rangeOfPeer(address);
    this.range = range;
    const where = range === null ? "" : range.toString();
    if (name == "" && range !== null) this.who = where;
    else if (range !== null) this.who = `${name}@${where}`;
    this.key = name != "" ? nameKey(name) : range === null ? nameKey(who) : where;
  }

  isOver(now: i64): bool {
    return this.end != 0 && this.end <= now;
  }

  /** Returns true if this penalty ends later than `other`. */
  outlasts(other: Penalty): bool {
    return other.end != 0 && (this.end == 0 || this.end > other.end);
  }

  /** Returns true if it matches a user with this name key, at this address. */
  matches(key: string, peer: IpRange | null): bool {
    const range = this.range;
    if (range !== null && peer !== null && range.covers(peer)) return true;
    return key != "" && key == this.key;
  }

  /** Returns `for 2 h 0 m: spam`; without an end `for good`, without a reason no colon. */
  describe(now: i64): string {
    const time = this.end == 0 ? "for good" : `for ${durationText(max(this.end - now, 0))}`;
    return this.why == "" ? time : `${time}: ${this.why}`;
  }
}

export class Penalties {
  /** A number that grows with each change of the list. */
  revision: u64 = 0;
  private byKey: Map<string, Penalty> = new Map();

  /** The number of penalties, with expired ones that have not been removed yet. */
  get size(): i32 {
    return this.byKey.size;
  }

  /** Adds or replaces a penalty. @returns null if there are too many */
  add(who: string, end: i64, why: string, now: i64): Penalty | null {
    let penalty = new Penalty(who, end, excerpt(why, WHY_CHARACTERS));
    if (penalty.range === null && this.byKey.has(penalty.key)) {
      // A new penalty for the same name keeps the address of the former one.
      const range = this.byKey.get(penalty.key).range;
      if (range !== null) penalty = new Penalty(`${who}@${range.toString()}`, end, penalty.why);
    }
    if (!this.byKey.has(penalty.key)) {
      if (this.byKey.size >= PENALTIES_MOST) this.forgetOver(now);
      if (this.byKey.size >= PENALTIES_MOST) return null;
    }
    this.byKey.set(penalty.key, penalty);
    this.revision++;
    return penalty;
  }

  /** Removes the penalty of a name, an address or a network. @returns it, or null */
  remove(who: string): Penalty | null {
    const key = new Penalty(who, 0, "").key;
    if (!this.byKey.has(key)) return null;
    const removed = this.byKey.get(key);
    this.byKey.delete(key);
    this.revision++;
    return removed;
  }

  /** Returns the penalty for a name, or null. */
  findByName(name: string, now: i64): Penalty | null {
    const key = nameKey(name);
    if (!this.byKey.has(key)) return null;
    const found = this.byKey.get(key);
    return found.isOver(now) ? null : found;
  }

  /**
   * Returns the penalty for a name or an address, or null; if there are several, the one that ends
   * last.
   */
  findLongest(name: string, peer: string, now: i64): Penalty | null {
    let longest = this.findByName(name, now);
    if (this.byKey.size == 0) return null;
    const at = rangeOfPeer(peer);
    if (at === null) return longest;
    const all = this.byKey.values();
    for (let i = 0; i < all.length; i++) {
      const one = all[i];
      if (one.range === null || !one.matches("", at) || one.isOver(now)) continue;
      if (longest === null || one.outlasts(longest)) longest = one;
    }
    return longest;
  }

  /** Returns a penalty for a peer's address, or null. */
  findByPeer(peer: string, now: i64): Penalty | null {
    if (this.byKey.size == 0) return null;
    const at = rangeOfPeer(peer);
    if (at === null) return null;
    const all = this.byKey.values();
    for (let i = 0; i < all.length; i++) {
      if (all[i].range !== null && all[i].matches("", at) && !all[i].isOver(now)) return all[i];
    }
    return null;
  }

  /** Returns the list as text for operators: a line for each penalty. */
  text(now: i64): string {
    this.forgetOver(now);
    const all = this.byKey.values();
    let text = "";
    for (let i = 0; i < all.length; i++) text += `${all[i].who} ${all[i].describe(now)}\n`;
    return text == "" ? "there is none\n" : text;
  }

  /** Returns the list as text for {@link restore}: a line for each penalty. */
  serialize(): Array<string> {
    const all = this.byKey.values();
    const lines: Array<string> = [];
    for (let i = 0; i < all.length; i++) {
      lines.push(`${all[i].end} ${all[i].who} ${all[i].why}`.trimEnd());
    }
    return lines;
  }

  /** Adds the penalties of serialized lines, without expired ones and invalid lines. */
  restore(lines: Array<string>, now: i64): void {
    for (let i = 0; i < lines.length; i++) {
      const end = firstWord(lines[i]);
      const rest = afterFirstWord(lines[i]);
      const who = firstWord(rest);
      if (!isDigits(end) || who == "" || who.length > WHO_CHARACTERS) continue;
      const until = I64.parseInt(end);
      if (until == 0 || until > now) this.add(who, until, afterFirstWord(rest), now);
    }
  }

  private forgetOver(now: i64): void {
    const all = this.byKey.values();
    for (let i = 0; i < all.length; i++) {
      if (!all[i].isOver(now)) continue;
      this.byKey.delete(all[i].key);
      this.revision++;
    }
  }
}
