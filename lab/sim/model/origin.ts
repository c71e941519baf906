/**
 * All who come from one address: how many they are, and the turns that their lines take. What one
 * subscriber has is one address: of IPv6, a /64. This machine's own addresses are none.
 */
import { SECOND_NS } from "../../world/world.js";
import { Bucket } from "./bucket.js";
import type { Hall } from "./hall.js";
import type { Timer } from "./timers.js";
import type { Person, Steps } from "./steps.js";

export class Origin {
  connections = 0;
  /** Lines of all. */
  served = 0;
  readonly #bucket: Bucket;
  readonly #queue: Person[] = [];
  #serving: Person | undefined;
  #timer: Timer | undefined;
  /** The present flood: when it began, its number, its lines, and the most that were here. */
  #since: number | undefined;
  #flood = 1;
  #lines = 0;
  #crowd = 0;

  constructor(
    private readonly hall: Hall,
    private readonly takeTurn: (person: Person) => Steps,
  ) {
    const { addressRate, addressBurst } = hall.settings;
    this.#bucket = new Bucket(addressRate, addressBurst, this.#now);
  }

  get #now(): number {
    return this.hall.around.tickNow();
  }

  get #isBounded(): boolean {
    return this.hall.settings.addressRate > 0;
  }

  get #tokens(): Bucket {
    const { addressRate, addressBurst } = this.hall.settings;
    return this.#bucket.follow(addressRate, addressBurst);
  }

  /** Whether nobody would notice if it were forgotten. */
  get isRested(): boolean {
    return !this.#isBounded || this.#tokens.isFull(this.#now);
  }

  join(person: Person): void {
    person.origin = this;
    this.connections++;
    this.#crowd = Math.max(this.#crowd, this.connections);
  }

  hasTurn(person: Person): boolean {
    if (!this.#isBounded) return true;
    if (this.#queue.length > 0 && this.#serving !== person) return false;
    return this.#tokens.wait(this.#now) === 0;
  }

  /** A line of this one is dealt with. */
  spend({ share }: Person): void {
    this.served++;
    if (!this.#isBounded) return;
    if (this.#tokens.isHalfFull(this.#now)) {
      this.#since = undefined;
      this.#lines = 0;
      this.#crowd = this.connections;
      this.#flood++;
    }
    this.#tokens.take(this.#now);
    if (share.flood !== this.#flood) share.lines = 0;
    share.flood = this.#flood;
    share.lines++;
    this.#lines++;
  }

  /** Of a flood that does not end, those go who sent no less than the average. */
  isOverdue({ share }: Person): boolean {
    if (this.#since === undefined || share.flood !== this.#flood) return false;
    const seconds = (this.#now - this.#since) / SECOND_NS;
    if (seconds <= this.hall.settings.floodSeconds) return false;
    return share.lines * this.#crowd >= this.#lines;
  }

  *wait(person: Person): Steps {
    person.isInQueue = true;
    this.#queue.push(person);
    yield* this.#arm();
    this.#since ??= this.#now;
    const { share } = person;
    if (share.told === this.#flood) return;
    share.told = this.#flood;
    const { addressRate } = this.hall.settings;
    const words = `all from your address send more than ${addressRate} lines a second`;
    this.hall.tell(person, `${words}: the rest waits for its turn`);
  }

  *#arm(): Steps {
    if (this.#timer !== undefined) return;
    const seconds = this.#isBounded ? this.#tokens.wait(this.#now) : 0;
    this.#timer = this.hall.timers.add(seconds, () => this.#giveTurns());
    yield "clock";
  }

  *#giveTurns(): Steps {
    this.#timer = undefined;
    while (this.#queue.length > 0) {
      if (this.#isBounded && this.#tokens.wait(this.#now) > 0) break;
      const next = this.#queue.shift();
      this.#serving = next;
      if (next?.isInQueue === true) {
        next.isInQueue = false;
        yield* this.takeTurn(next);
      }
      this.#serving = undefined;
    }
    if (this.#queue.length > 0) yield* this.#arm();
  }
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
    const { intake } = this.hall;
    const origin = this.#origins.get(key) ?? new Origin(this.hall, (one) => intake.takeTurn(one));
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
    if (origin.connections === 0) this.#resting.push([key, origin]);
    this.#resting = this.#resting.filter(([where, one]) => {
      if (one.connections > 0) return false;
      if (!one.isRested) return true;
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
