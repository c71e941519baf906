/**
 * Whom operators do not want here (bans), or do not want to be heard (mutes): by name, by address
 * or by network, until some time or for good. It does not know what that means for anybody.
 *
 * As lines, for whoever keeps them over a restart: `END WHO WHY`, END in seconds since 1970, or 0.
 */
import { durationText } from "../../text/duration";
import { excerpt } from "../../text/excerpt";
import { IpRange, parseRange, rangeOfPeer } from "../../text/ip_range";
import { afterFirstWord, firstWord } from "../../text/words";
import { isDigits } from "../../text/options";
import { nameKey } from "./name_key";

/** There are so many bans at most, and so many mutes. @limit entries */
export const PENALTIES_MOST: i32 = 1000;
/** The reason of a ban, a mute or a kick has so many characters at most. @limit characters */
export const WHY_CHARACTERS: i32 = 200;

export class Penalty {
  /** The network that it is for; null if it is for a name. */
  range: IpRange | null;

  constructor(
    public who: string,
    /** When it ends, in seconds since 1970; 0: never. */
    public end: i64,
    public why: string,
  ) {
    this.range = parseRange(who);
    const peer = rangeOfPeer(who);
    // Who has no name is called by its address and port.
    if (peer !== null && this.range === null) this.range = peer;
    const range = this.range;
    if (range !== null) this.who = range.toString();
  }

  /** By what it is found again. */
  get key(): string {
    return this.range === null ? nameKey(this.who) : this.who;
  }

  isOver(now: i64): bool {
    return this.end != 0 && this.end <= now;
  }

  /** Whether this penalty ends later than another. */
  outlasts(other: Penalty): bool {
    return other.end != 0 && (this.end == 0 || this.end > other.end);
  }

  /** Whether it is for one of this name, at this address. */
  hits(key: string, peer: IpRange | null): bool {
    const range = this.range;
    if (range === null) return key == this.key;
    return peer !== null && range.covers(peer);
  }

  /** `for 2 h 0 m: spam`, or what of it there is. */
  describe(now: i64): string {
    const time = this.end == 0 ? "for good" : `for ${durationText(max(this.end - now, 0))}`;
    return this.why == "" ? time : `${time}: ${this.why}`;
  }
}

export class Penalties {
  /** Grows with each change. */
  revision: u64 = 0;
  private byKey: Map<string, Penalty> = new Map();

  /** How many there are, those that are over and have not been missed included. */
  get size(): i32 {
    return this.byKey.size;
  }

  /** Adds one, or changes it. @returns null if there are too many */
  add(who: string, end: i64, why: string, now: i64): Penalty | null {
    const penalty = new Penalty(who, end, excerpt(why, WHY_CHARACTERS));
    if (!this.byKey.has(penalty.key)) {
      if (this.byKey.size >= PENALTIES_MOST) this.forgetOver(now);
      if (this.byKey.size >= PENALTIES_MOST) return null;
    }
    this.byKey.set(penalty.key, penalty);
    this.revision++;
    return penalty;
  }

  /** Takes one back. @returns false if there is none */
  remove(who: string): bool {
    const isThere = this.byKey.delete(new Penalty(who, 0, "").key);
    if (isThere) this.revision++;
    return isThere;
  }

  /** The one for a name; null if there is none. */
  ofName(name: string, now: i64): Penalty | null {
    const key = nameKey(name);
    if (!this.byKey.has(key)) return null;
    const found = this.byKey.get(key);
    return found.isOver(now) ? null : found;
  }

  /** Finds, for a name or an address, the penalty that ends last. @returns null if there is none */
  longest(name: string, peer: string, now: i64): Penalty | null {
    let longest = this.ofName(name, now);
    if (this.byKey.size == 0) return null;
    const at = rangeOfPeer(peer);
    if (at === null) return longest;
    const all = this.byKey.values();
    for (let i = 0; i < all.length; i++) {
      const one = all[i];
      if (one.range === null || !one.hits("", at) || one.isOver(now)) continue;
      if (longest === null || one.outlasts(longest)) longest = one;
    }
    return longest;
  }

  /** One for where a peer is; null if there is none. */
  ofPeer(peer: string, now: i64): Penalty | null {
    if (this.byKey.size == 0) return null;
    const at = rangeOfPeer(peer);
    if (at === null) return null;
    const all = this.byKey.values();
    for (let i = 0; i < all.length; i++) {
      if (all[i].range !== null && all[i].hits("", at) && !all[i].isOver(now)) return all[i];
    }
    return null;
  }

  /** A line each, for people. */
  text(now: i64): string {
    this.forgetOver(now);
    const all = this.byKey.values();
    let text = "";
    for (let i = 0; i < all.length; i++) text += `${all[i].who} ${all[i].describe(now)}\n`;
    return text == "" ? "there is none\n" : text;
  }

  /** A line each, for {@link restore}. */
  serialize(): Array<string> {
    const all = this.byKey.values();
    const lines: Array<string> = [];
    for (let i = 0; i < all.length; i++) {
      lines.push(`${all[i].end} ${all[i].who} ${all[i].why}`.trimEnd());
    }
    return lines;
  }

  /** Adds what the lines say, but for what is over by now. What is no such line is left out. */
  restore(lines: Array<string>, now: i64): void {
    for (let i = 0; i < lines.length; i++) {
      const end = firstWord(lines[i]);
      const rest = afterFirstWord(lines[i]);
      if (!isDigits(end) || rest == "") continue;
      const until = I64.parseInt(end);
      if (until == 0 || until > now) this.add(firstWord(rest), until, afterFirstWord(rest), now);
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
