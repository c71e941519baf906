/**
 * All who come from one address: how many they are, and how fast their lines together may be dealt
 * with. What one subscriber has is one address: of IPv6, a /64. This machine's own are none.
 */
import { SECOND_NS } from "../../world/world.js";
import { OracleFailure } from "../failure.js";
import { Bucket } from "./bucket.js";
import type { Hall } from "./hall.js";
import type { Person } from "./member.js";

export class Origin {
  connections = 0;
  /** Lines of all. */
  served = 0;
  /** Those who wait for their turns; one that was closed is called all the same. */
  #queue: Person[] = [];
  /** Whose turn it is. */
  #served: Person | undefined;
  readonly #bucket: Bucket;
  /** The present flood: when it began, its number, its lines, and the most that were here. */
  #since: number | undefined;
  #flood = 1;
  #lines = 0;
  #crowd = 0;

  constructor(private readonly hall: Hall) {
    const { addressRate, addressBurst } = hall.settings;
    this.#bucket = new Bucket(addressRate, addressBurst, hall.around.tickNow());
  }

  get isBounded(): boolean {
    return this.hall.settings.addressRate > 0;
  }

  get #tokens(): Bucket {
    const { addressRate, addressBurst } = this.hall.settings;
    return this.#bucket.follow(addressRate, addressBurst);
  }

  /** Whether nobody would notice if it were forgotten. */
  isRested(now: number): boolean {
    return !this.isBounded || this.#tokens.isFull(now);
  }

  hasTokens(now: number): boolean {
    return !this.isBounded || this.#tokens.wait(now) === 0;
  }

  /** Whether a line of this one may be dealt with: those who wait come first. */
  mayHaveTurn(person: Person, now: number): boolean {
    if (!this.isBounded || (this.hasTokens(now) && this.#served === person)) return true;
    return this.hasTokens(now) && !this.#queue.some(isDue);
  }

  /** Whether it must not wait. One that is gone, or rests, is called, if only to be passed over. */
  mustHaveTurn(now: number): boolean {
    return this.hasTokens(now) && (!this.isBounded || this.#queue.length === 0);
  }

  /** One has to wait for the others. */
  wait(person: Person, now: number): void {
    this.#queue.push(person);
    this.#since ??= now;
  }

  /** One goes on: nobody has waited longer. */
  takeTurn(person: Person): void {
    const place = this.#queue.indexOf(person);
    this.#served = place < 0 ? undefined : person;
    const before = isDue(person) ? this.#queue.slice(0, Math.max(place, 0)).find(isDue) : undefined;
    if (before !== undefined) {
      throw new OracleFailure("limit", `${person.name} has its turn before ${before.name}`);
    }
    this.#queue = this.#queue.filter((one) => one !== person);
  }

  endTurn(): void {
    this.#served = undefined;
  }

  /** Those who are gone, or rest, are passed over once there are tokens. */
  passOverGone(at: number): void {
    if (!this.hasTokens(at)) return;
    this.#queue = this.#queue.filter(isDue);
  }

  join(person: Person): void {
    person.origin = this;
    this.connections++;
    this.#crowd = Math.max(this.#crowd, this.connections);
  }

  /** A line of this one is dealt with. */
  spend({ share }: Person, now: number): void {
    this.served++;
    if (!this.isBounded) return;
    if (this.#tokens.isHalfFull(now)) {
      this.#since = undefined;
      this.#lines = 0;
      this.#crowd = this.connections;
      this.#flood++;
    }
    this.#tokens.take(now);
    if (share.flood !== this.#flood) share.lines = 0;
    share.flood = this.#flood;
    share.lines++;
    this.#lines++;
  }

  charge({ share }: Person, now: number, lines: number): void {
    if (!this.isBounded) return;
    this.#tokens.pay(now, lines);
    share.lines += lines;
    this.#lines += lines;
  }

  /** Whether one has not heard of this flood. */
  isNews({ share }: Person): boolean {
    return share.told !== this.#flood;
  }

  /** One hears of this flood. */
  tells({ share }: Person): void {
    share.told = this.#flood;
  }

  /** Of a flood that does not end, those go who sent no less than the average. */
  isOverdue({ share }: Person, now: number): boolean {
    if (this.#since === undefined || share.flood !== this.#flood) return false;
    if (now - this.#since <= this.hall.settings.floodSeconds * SECOND_NS) return false;
    return share.lines * this.#crowd >= this.#lines;
  }
}

/** Whether one that waits has its turn when it is called. */
function isDue({ isOpen, restUntil, turnDue = -Infinity }: Person): boolean {
  return isOpen && restUntil <= turnDue;
}

export class Addresses {
  readonly #origins = new Map<string, Origin>();
  /** Those that nobody comes from, but that are remembered for their floods. */
  #resting: [string, Origin][] = [];

  constructor(private readonly hall: Hall) {}

  /** Whether one more may come from there. */
  admit(person: Person): boolean {
    const key = subscriberOf(person.remote);
    if (key === undefined) return true;
    const { maxPerAddress } = this.hall.settings;
    const origin = this.#origins.get(key) ?? new Origin(this.hall);
    this.#origins.set(key, origin);
    if (maxPerAddress > 0 && origin.connections >= maxPerAddress) return false;
    origin.join(person);
    return true;
  }

  /** One has left, and the host has nothing left of it: the address may be forgotten. */
  release({ origin, remote }: Person): void {
    const key = subscriberOf(remote);
    if (origin === undefined || key === undefined) return;
    origin.connections--;
    const now = this.hall.around.tickNow();
    if (origin.connections === 0) this.#resting.push([key, origin]);
    this.#resting = this.#resting.filter(([where, one]) => {
      if (one.connections > 0) return false;
      if (!one.isRested(now)) return true;
      this.#origins.delete(where);
      return false;
    });
  }
}

/** @returns undefined for what is no address, or our own */
export function subscriberOf(peer: string): string | undefined {
  const [, v6, v4 = ""] = /^(?:\[([^\]]*)\]|([\d.]+)):\d+$/.exec(peer) ?? [];
  if (v6 === undefined) return v4 === "" || v4.startsWith("127.") ? undefined : v4;
  const mapped = /^::ffff:([\d.]+)$/.exec(v6);
  if (mapped !== null) return subscriberOf(`${String(mapped[1])}:0`);
  const network = groupsOf(v6).slice(0, 4);
  return network.every((group) => group === "0") ? undefined : network.join(":");
}

/** @param address as RFC 5952 has it */
function groupsOf(address: string): string[] {
  const [before = [], after] = address.split("::").map((part) => part.split(":").filter(Boolean));
  if (after === undefined) return before;
  const between = Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...between, ...after];
}
