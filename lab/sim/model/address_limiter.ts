/**
 * All who come from one address: how many they are, and how fast their lines together may be dealt
 * with. What one subscriber has is one address: of IPv6, a /64. This machine's own are none.
 */
import { SECOND_NS } from "../../world/world.js";
import { OracleFailure } from "../failure.js";
import { TokenBucket } from "./token_bucket.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";

export class AddressLimiter {
  connections = 0;
  /** Lines of all. */
  served = 0;
  /** Those who wait for their turns; one that was closed is called all the same. */
  #queue: Session[] = [];
  /** Whose turn it is. */
  #served: Session | undefined;
  readonly #bucket: TokenBucket;
  /** The present flood: when it began, its number, its lines, and the most that were here. */
  #since: number | undefined;
  #flood = 1;
  #lines = 0;
  #crowd = 0;

  constructor(private readonly server: ServerModel) {
    const { addressRate, addressBurst } = server.settings;
    this.#bucket = new TokenBucket(addressRate, addressBurst, server.context.tickNow());
  }

  get isLimited(): boolean {
    return this.server.settings.addressRate > 0;
  }

  get #tokens(): TokenBucket {
    const { addressRate, addressBurst } = this.server.settings;
    return this.#bucket.follow(addressRate, addressBurst);
  }

  /** Whether nobody would notice if it were forgotten. */
  isForgettable(now: number): boolean {
    return !this.isLimited || this.#tokens.isFull(now);
  }

  hasTokens(now: number): boolean {
    return !this.isLimited || this.#tokens.wait(now) === 0;
  }

  /** Whether a line of this one may be dealt with: those who wait come first. */
  mayHaveTurn(session: Session, now: number): boolean {
    if (!this.isLimited || (this.hasTokens(now) && this.#served === session)) return true;
    return this.hasTokens(now) && !this.#queue.some(isDue);
  }

  /** Whether it must not wait. One that is gone, or rests, is called, if only to be passed over. */
  mustHaveTurn(now: number): boolean {
    return this.hasTokens(now) && (!this.isLimited || this.#queue.length === 0);
  }

  /** One has to wait for the others. */
  wait(session: Session, now: number): void {
    this.#queue.push(session);
    this.#since ??= now;
  }

  /** One goes on: nobody has waited longer. */
  takeTurn(session: Session): void {
    const place = this.#queue.indexOf(session);
    this.#served = place < 0 ? undefined : session;
    const before = isDue(session)
      ? this.#queue.slice(0, Math.max(place, 0)).find(isDue)
      : undefined;
    if (before !== undefined) {
      throw new OracleFailure("limit", `${session.name} has its turn before ${before.name}`);
    }
    this.#queue = this.#queue.filter((one) => one !== session);
  }

  endTurn(): void {
    this.#served = undefined;
  }

  /** Those who are gone, or rest, are passed over once there are tokens. */
  passOverGone(at: number): void {
    if (!this.hasTokens(at)) return;
    this.#queue = this.#queue.filter(isDue);
  }

  join(session: Session): void {
    session.addressLimiter = this;
    this.connections++;
    this.#crowd = Math.max(this.#crowd, this.connections);
  }

  /** A line of this one is dealt with. */
  spend({ share }: Session, now: number): void {
    this.served++;
    if (!this.isLimited) return;
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

  /** Whether one has not heard of this flood. */
  mustTellFlood({ share }: Session): boolean {
    return share.told !== this.#flood;
  }

  /** One hears of this flood. */
  tells({ share }: Session): void {
    share.told = this.#flood;
  }

  /** Of a flood that does not end, those go who sent no less than the average. */
  isOverdue({ share }: Session, now: number): boolean {
    if (this.#since === undefined || share.flood !== this.#flood) return false;
    if (now - this.#since <= this.server.settings.floodSeconds * SECOND_NS) return false;
    return share.lines * this.#crowd >= this.#lines;
  }
}

/** Whether one that waits has its turn when it is called. */
function isDue({ isOpen, heldBackUntil, turnDue = -Infinity }: Session): boolean {
  return isOpen && heldBackUntil <= turnDue;
}

export class AddressRegistry {
  readonly #limiters = new Map<string, AddressLimiter>();
  /** Those that nobody comes from, but that are remembered for their floods. */
  #idle: [string, AddressLimiter][] = [];

  constructor(private readonly server: ServerModel) {}

  /** Whether one more may come from there. */
  admit(session: Session): boolean {
    const key = subscriberOf(session.remote);
    if (key === undefined) return true;
    const { maxPerAddress } = this.server.settings;
    const addressLimiter = this.#limiters.get(key) ?? new AddressLimiter(this.server);
    this.#limiters.set(key, addressLimiter);
    if (maxPerAddress > 0 && addressLimiter.connections >= maxPerAddress) return false;
    addressLimiter.join(session);
    return true;
  }

  /** One has left, and the host has nothing left of it: the address may be forgotten. */
  release({ addressLimiter, remote }: Session): void {
    const key = subscriberOf(remote);
    if (addressLimiter === undefined || key === undefined) return;
    addressLimiter.connections--;
    const now = this.server.context.tickNow();
    if (addressLimiter.connections === 0) this.#idle.push([key, addressLimiter]);
    this.#idle = this.#idle.filter(([where, one]) => {
      if (one.connections > 0) return false;
      if (!one.isForgettable(now)) return true;
      this.#limiters.delete(where);
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
