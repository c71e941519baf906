/**
 * The limits for all clients of one address together: connections, and lines a second. An address
 * is an IPv4 address, or the /64 network of one IPv6 subscriber. Loopback addresses have no limit.
 */
import { SECOND_NS } from "../../world/world.js";
import { OracleFailure } from "../failure.js";
import { TokenBucket } from "./token_bucket.js";
import type { ServerModel } from "./server.js";
import type { Session } from "./session.js";

/** An address may use its arrivals of this time at once. */
const ARRIVALS_SECONDS = 30;

export class AddressLimiter {
  connections = 0;
  /** Lines of all its clients. */
  served = 0;
  /** Sessions whose lines wait, in order. A closed session keeps its place and is skipped. */
  #queue: Session[] = [];
  /** The session whose waiting lines are handled at present. */
  #served: Session | undefined;
  readonly #bucket: TokenBucket;
  /** The arrivals that the address may have at once; undefined before the first one. */
  #arrivals: TokenBucket | undefined;
  /** The time when the present flood began, in nanoseconds; undefined without a flood. */
  #since: number | undefined;
  /** The number of the period, as in the guest's address_limiter.ts. */
  #flood = 1;
  /** The number of lines in this period. */
  #lines = 0;
  /** The most connections at a time in this period. */
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

  /** Returns true if forgetting this limiter would change nothing. */
  isForgettable(now: number): boolean {
    if (this.#arrivals?.isFull(now) === false) return false;
    return !this.isLimited || this.#tokens.isFull(now);
  }

  hasTokens(now: number): boolean {
    return !this.isLimited || this.#tokens.wait(now) === 0;
  }

  /** Returns true if a line of this session may be handled: waiting sessions come first. */
  mayHaveTurn(session: Session, now: number): boolean {
    if (!this.isLimited || (this.hasTokens(now) && this.#served === session)) return true;
    return this.hasTokens(now) && !this.#queue.some(isDue);
  }

  /**
   * Returns true if this session has no cause to wait. Closed and held back sessions keep their
   * place in the queue until they are skipped.
   */
  mustHaveTurn(now: number): boolean {
    return this.hasTokens(now) && (!this.isLimited || this.#queue.length === 0);
  }

  /** Queues a session, because the limit of its address is reached. */
  wait(session: Session, now: number): void {
    this.#queue.push(session);
    this.#since ??= now;
  }

  /**
   * Continues with the waiting lines of a session.
   *
   * @throws {OracleFailure} if another one has waited longer
   */
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

  /** Skips closed and held back sessions once there are tokens. */
  passOverGone(at: number): void {
    if (!this.hasTokens(at)) return;
    this.#queue = this.#queue.filter(isDue);
  }

  /** Counts an arrival. @returns false if there are too many */
  allowsArrival(now: number): boolean {
    const { addressArrivals: rate } = this.server.settings;
    if (rate === 0) return true;
    const burst = rate * ARRIVALS_SECONDS;
    this.#arrivals = (this.#arrivals ?? new TokenBucket(rate, burst, now)).follow(rate, burst);
    const allows = this.#arrivals.wait(now) === 0;
    this.#arrivals.take(now);
    return allows;
  }

  join(session: Session): void {
    session.addressLimiter = this;
    this.connections++;
    this.#crowd = Math.max(this.#crowd, this.connections);
  }

  /** Charges one line of this session. */
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

  /** Charges further lines, for a long line or answer. */
  charge({ share }: Session, now: number, lines: number): void {
    if (!this.isLimited) return;
    this.#tokens.pay(now, lines);
    share.lines += lines;
    this.#lines += lines;
  }

  /** Returns true if the session has not been told of this flood yet. */
  mustTellFlood({ share }: Session): boolean {
    return share.told !== this.#flood;
  }

  /** Records that the session was told of this flood. */
  tells({ share }: Session): void {
    share.told = this.#flood;
  }

  /** Returns true if the flood has lasted too long and this session sent at least the average. */
  mustCloseForFlood({ share }: Session, now: number): boolean {
    if (this.#since === undefined || share.flood !== this.#flood) return false;
    if (now - this.#since <= this.server.settings.floodSeconds * SECOND_NS) return false;
    return share.lines * this.#crowd >= this.#lines;
  }
}

/** Returns true if a queued session can be served when its turn comes. */
function isDue({ isOpen, heldBackUntil, turnDue = -Infinity }: Session): boolean {
  return isOpen && heldBackUntil <= turnDue;
}

export class AddressRegistry {
  readonly #limiters = new Map<string, AddressLimiter>();
  /**
   * The limiters of addresses without connections. They stay until forgetting them changes nothing.
   */
  #idle: [string, AddressLimiter][] = [];

  constructor(private readonly server: ServerModel) {}

  /**
   * Counts one more connection of an address.
   *
   * @returns false if the address has too many connections or arrivals
   */
  admit(session: Session): boolean {
    const key = subscriberOf(session.remote);
    if (key === undefined) return true;
    const { maxPerAddress } = this.server.settings;
    const addressLimiter = this.#limiters.get(key) ?? new AddressLimiter(this.server);
    this.#limiters.set(key, addressLimiter);
    if (maxPerAddress > 0 && addressLimiter.connections >= maxPerAddress) return false;
    if (!addressLimiter.allowsArrival(this.server.context.tickNow())) return false;
    addressLimiter.join(session);
    return true;
  }

  /** Counts one connection less. The limiter is forgotten once that changes nothing. */
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

/**
 * Returns the key of a peer's address, or undefined for a loopback address and for text that is no
 * address.
 */
export function subscriberOf(peer: string): string | undefined {
  const [, v6, v4 = ""] = /^(?:\[([^\]]*)\]|([\d.]+)):\d+$/.exec(peer) ?? [];
  if (v6 === undefined) return v4 === "" || v4.startsWith("127.") ? undefined : v4;
  const mapped = /^::ffff:([\d.]+)$/.exec(v6);
  if (mapped !== null) return subscriberOf(`${String(mapped[1])}:0`);
  const network = groupsOf(v6).slice(0, 4);
  return network.every((group) => group === "0") ? undefined : network.join(":");
}

/** Returns the eight groups of an IPv6 address in the form of RFC 5952. */
function groupsOf(address: string): string[] {
  const [before = [], after] = address.split("::").map((part) => part.split(":").filter(Boolean));
  if (after === undefined) return before;
  const between = Array<string>(8 - before.length - after.length).fill("0");
  return [...before, ...between, ...after];
}
