/**
 * Where connections come from, by address: each of IPv4 by itself, of IPv6 the /64 that one
 * subscriber has. Who comes from nowhere known is not in it, nor who comes from this machine: that
 * may be a proxy which does not say whom it speaks for.
 *
 * An address stays in the book while somebody is connected from it, and until its lines are
 * forgiven, so that a flood does not begin anew by connecting anew; of those, the book keeps a
 * bounded number.
 */
import { Loop } from "../loop/loop";
import { subscriberOf } from "../text/ip_range";
import { Remain } from "../wasi/remain";
import { ConnectionLimits } from "./connection_limits";
import { Origin } from "./origin";

/** How keys of this machine's own addresses begin, and what `::1` is in. */
const OWN_IPV4 = "127.";
const OWN_IPV6 = "::/64";
/** Addresses kept from which nobody is connected. */
export const RESTING_MOST: i32 = 4096;

/** Of a connection that its address has closed, and the host has not. */
class Leaving {
  constructor(
    public origin: Origin,
    public remain: Remain,
  ) {}
}

export class AddressBook {
  private origins: Map<string, Origin> = new Map();
  /** Those that nobody comes from, the longest first, and some to which somebody has returned. */
  private resting: Array<Origin> = [];
  private leaving: Array<Leaving> = [];
  /** How many had gone when those were looked through. */
  private gone: u32 = 0;

  constructor(
    private loop: Loop,
    private limits: ConnectionLimits,
  ) {}

  /** Addresses in it. */
  get size(): i32 {
    return this.origins.size;
  }

  /** The page of a peer, `203.0.113.7:51234`; null if that is no address, or our own. */
  find(peer: string): Origin | null {
    if (Remain.gone != this.gone) this.settle();
    const key = subscriberOf(peer);
    if (key == "" || key.startsWith(OWN_IPV4) || key == OWN_IPV6) return null;
    if (this.origins.has(key)) return this.origins.get(key);
    const origin = new Origin(key, this.loop, this.limits);
    this.origins.set(key, origin);
    return origin;
  }

  /** Somebody has left this address. @param remain what counts until it is gone, or null */
  leave(origin: Origin, remain: Remain | null): void {
    if (remain === null) {
      origin.leave();
      this.release(origin);
    } else {
      this.leaving.push(new Leaving(origin, remain));
    }
  }

  /** Those who are gone from the host now have left for good. */
  private settle(): void {
    this.gone = Remain.gone;
    const all = this.leaving;
    this.leaving = [];
    for (let i = 0; i < all.length; i++) {
      const one = all[i];
      this.leave(one.origin, one.remain.isGone ? null : one.remain);
    }
  }

  /** It is forgotten, or will be. */
  private release(origin: Origin): void {
    if (origin.connections > 0) return;
    if (origin.isRested && !origin._isResting) {
      this.origins.delete(origin.key);
    } else if (!origin._isResting) {
      origin._isResting = true;
      this.resting.push(origin);
    }
    this.forget();
  }

  private forget(): void {
    while (this.resting.length > 0) {
      const first = this.resting[0];
      const isLeft = first.connections == 0;
      if (isLeft && !first.isRested && this.resting.length <= RESTING_MOST) return;
      this.resting.shift();
      first._isResting = false;
      if (isLeft) this.origins.delete(first.key);
    }
  }
}
