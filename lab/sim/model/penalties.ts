/**
 * Bans and mutes: by name, by IPv4 address or by IPv4 network, with or without an end. The model
 * does not know IPv6 penalties.
 */
import { keyOf, Undecided } from "./names.js";
import type { Session } from "./session.js";
import { excerpt } from "./words.js";

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ADDRESS = `${OCTET}(?:\\.${OCTET}){3}`;
const NETWORK = new RegExp(`^(${ADDRESS})(?:/(\\d|[12]\\d|3[0-2]))?$`);
const PEER = new RegExp(`^(?:\\[::ffff:)?(${ADDRESS})(?:\\]:\\d+|:\\d*)?$`);
const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const DURATION_MOST = 3650 * 86_400;
const FORM = "NAME|ADDRESS|NETWORK [TIME] [WHY], TIME as 30m, 2h or 7d";
const WHO_CHARACTERS = 64;
const WHY_CHARACTERS = 200;

interface Network {
  first: number;
  bits: number;
}

export class Penalty {
  readonly key: string;
  readonly who: string;
  readonly hasNetwork: boolean;
  readonly #network: Network | undefined;

  /** @param end seconds since 1970; 0 means never */
  constructor(
    who: string,
    readonly end: number,
    readonly why: string,
  ) {
    const [, name, address = who] = /^([^@]+)@(.*)$/.exec(who) ?? [];
    this.#network = networkOf(address);
    const where = this.#network === undefined ? who : textOf(this.#network);
    this.who = name === undefined || this.#network === undefined ? where : `${name}@${where}`;
    this.hasNetwork = this.#network !== undefined;
    const isNetwork = name === undefined && this.hasNetwork;
    this.key = isNetwork ? this.who : keyOf(name ?? who);
  }

  isOver(now: number): boolean {
    return this.end !== 0 && this.end <= now;
  }

  hitsPeer(remote: string): boolean {
    const [, peer] = PEER.exec(remote) ?? [];
    if (peer === undefined || this.#network === undefined) return false;
    return masked(numberOf(peer), this.#network.bits) === this.#network.first;
  }

  hits(session: Session): boolean {
    return session.key === this.key || this.hitsPeer(session.remote);
  }

  describe(now: number): string {
    const time = this.end === 0 ? "for good" : `for ${durationText(Math.max(this.end - now, 0))}`;
    return this.why === "" ? time : `${time}: ${this.why}`;
  }
}

/**
 * Matches a time: a number with a unit of one letter, right or mistyped, or with the word for a
 * unit.
 */
const UNIT =
  /^(?:[^]|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?|months?|yrs?|years?)$/i;

/** Returns true if a word is a time, right or mistyped, and not a reason such as `4chan`. */
function isMeantAsTime(word: string): boolean {
  if (!/^[-+]?\d/.test(word)) return false;
  return word
    .split(/[^A-Za-z\x80-\uffff]+/)
    .every((letters) => letters === "" || UNIT.test(letters));
}

export class Penalties {
  readonly #byKey = new Map<string, Penalty>();

  /** Returns the error message for the parameters `WHO [TIME] [WHY]`, or "" if they are valid. */
  mistake(command: string, rest: string): string {
    const [who = "", first = "", second = ""] = rest.trim().split(/ +/);
    if (who === "" || who.length > WHO_CHARACTERS) {
      return `${command} is used like this: ${command} ${FORM}`;
    }
    const range = networkOf(who.replace(/^[^@]+@/, ""));
    if (range === undefined && /^[\d.]+$|[/:@]/.test(who)) {
      return `${who} is no address and no network: write 192.0.2.7 or 10.0.0.0/8`;
    }
    const isVast = range !== undefined && range.bits < 8;
    if (isVast && first !== "everybody") {
      return `${who} is vast: to confirm, write ${command} ${who} everybody`;
    }
    const time = isVast ? second : first;
    if (!isMeantAsTime(time) || durationOf(time) > 0) return "";
    const right = "write 90s, 30m, 2h30m or 7d, 3650d at most";
    return `${time} is no time: ${right}, or the reason in quotes`;
  }

  /**
   * Adds a penalty.
   *
   * @param rest parameters without a {@link mistake}
   * @param now seconds since 1970
   * @param holderOf the user that has a name, whose address the penalty gets
   */
  impose(rest: string, now: number, holderOf: (name: string) => Session | undefined): Penalty {
    const [, who = "", words = ""] = /^(\S*)\s*([^]*)$/.exec(rest.trim()) ?? [];
    const isVast = (networkOf(who.replace(/^[^@]+@/, ""))?.bits ?? 32) < 8;
    const after = isVast ? words.replace(/^everybody */, "") : words;
    const seconds = durationOf(after.split(" ", 1)[0] ?? "");
    const why = seconds > 0 ? after.replace(/^[^ ]*/, "").trim() : after;
    const end = seconds > 0 ? now + seconds : 0;
    const cut = excerpt(why, WHY_CHARACTERS);
    let penalty = new Penalty(who, end, cut);
    if (!penalty.hasNetwork) {
      const before = this.#byKey.get(penalty.key)?.who.split("@")[1];
      const address = addressOf(holderOf(who)) ?? before;
      if (address !== undefined) penalty = new Penalty(`${who}@${address}`, end, cut);
    }
    this.#byKey.set(penalty.key, penalty);
    return penalty;
  }

  remove(who: string): boolean {
    return this.#byKey.delete(new Penalty(who, 0, "").key);
  }

  find(who: string): Penalty | undefined {
    return this.#byKey.get(new Penalty(who, 0, "").key);
  }

  /** Returns the penalties that have not ended, in the journal's form. */
  lines(now: number): string[] {
    const all = [...this.#byKey.values()].filter((one) => !one.isOver(now));
    return all.map(({ end, who, why }) => `${end} ${who} ${why}`.trimEnd());
  }

  /** Adds penalties in the journal's form, except those that have ended. */
  restore(lines: readonly string[], now: number): void {
    for (const line of lines) {
      const [, end = "", who = "", why = ""] = /^(\d{1,18}) +(\S+) *(.*)$/.exec(line) ?? [];
      if (who === "") continue;
      const penalty = new Penalty(who, Number(end), why);
      if (!penalty.isOver(now)) this.#byKey.set(penalty.key, penalty);
    }
  }

  ofName(name: string, now: number): Penalty | undefined {
    const found = this.#byKey.get(keyOf(name));
    return found?.isOver(now) === false ? found : undefined;
  }

  /** Returns the penalty for this name or address that ends last; of several, the first. */
  longest(name: string, remote: string, now: number): Penalty | undefined {
    const byName = this.ofName(name, now);
    const byPeer = [...this.#byKey.values()].filter(
      (one) => one.hitsPeer(remote) && !one.isOver(now),
    );
    const all = byName === undefined ? byPeer : [byName, ...byPeer];
    const endOf = ({ end }: Penalty) => (end === 0 ? Infinity : end);
    return all.reduce<Penalty | undefined>(
      (longest, one) => (longest !== undefined && endOf(longest) >= endOf(one) ? longest : one),
      undefined,
    );
  }

  ofPeer(remote: string, now: number): Penalty | undefined {
    for (const one of this.#byKey.values()) {
      if (one.hitsPeer(remote) && !one.isOver(now)) return one;
    }
    return undefined;
  }

  text(now: number): string {
    for (const one of this.#byKey.values()) if (one.isOver(now)) this.#byKey.delete(one.key);
    const lines = [...this.#byKey.values()].map((one) => `${one.who} ${one.describe(now)}\n`);
    return lines.length === 0 ? "there is none\n" : lines.join("");
  }
}

/** Returns the address of a session for a penalty; that of this machine may be a proxy's. */
function addressOf(session: Session | undefined): string | undefined {
  const remote = session?.remote ?? "";
  const [, address] = PEER.exec(remote) ?? [];
  if (address !== undefined) return address.startsWith("127.") ? undefined : address;
  if (remote === "" || /^\[::(?:\w+:)?\w*\]/.test(remote)) return undefined;
  throw new Undecided(`the network of ${remote}`);
}

function networkOf(who: string): Network | undefined {
  const [, address, bits] = NETWORK.exec(who) ?? [];
  if (address !== undefined) return network(address, bits === undefined ? 32 : Number(bits));
  const [, peer] = PEER.exec(who) ?? [];
  if (peer !== undefined) return network(peer, 32);
  if (who.includes(":")) throw new Undecided(`where ${who} is`);
  return undefined;
}

function network(address: string, bits: number): Network {
  return { first: masked(numberOf(address), bits), bits };
}

function numberOf(address: string): number {
  return address.split(".").reduce((number, octet) => number * 256 + Number(octet), 0);
}

function masked(address: number, bits: number): number {
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) * size;
}

function textOf({ first, bits }: Network): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return octets.join(".") + (bits === 32 ? "" : `/${bits}`);
}

/** Returns the seconds of a duration like `30s` or `2h30m`, or -1 if it is none. */
function durationOf(text: string): number {
  const number = "(?:0|[1-9]\\d{0,8})";
  const form = ["w", "d", "h", "m", "s"].map((unit) => `(?:${number}${unit})?`).join("");
  if (!new RegExp(`^${form}$`, "i").test(text)) return -1;
  let seconds = 0;
  for (const [, count, unit = ""] of text.matchAll(/(\d+)(\D)/g)) {
    seconds += Number(count) * (UNITS[unit.toLowerCase()] ?? 0);
  }
  return seconds > 0 && seconds <= DURATION_MOST ? seconds : -1;
}

/** Returns a duration in its two largest units. */
export function durationText(seconds: number): string {
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} m`;
  return minutes > 0 ? `${minutes} m ${seconds % 60} s` : `${seconds} s`;
}
