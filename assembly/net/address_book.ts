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
import { ConnectionLimits } from "./connection_limits";
import { Origin } from "./origin";

/** How keys of this machine's own addresses begin, and what `::1` is in. */
const OWN_IPV4 = "127.";
const OWN_IPV6 = "::/64";
/** Addresses kept from which nobody is connected. */
export const RESTING_MOST: i32 = 4096;

export class AddressBook {
  private origins: Map<string, Origin> = new Map();
  /** Those that nobody comes from, the longest first, and some to which somebody has returned. */
  private resting: Array<Origin> = [];

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
    const key = subscriberOf(peer);
    if (key == "" || key.startsWith(OWN_IPV4) || key == OWN_IPV6) return null;
    if (this.origins.has(key)) return this.origins.get(key);
    const origin = new Origin(key, this.loop, this.limits);
    this.origins.set(key, origin);
    return origin;
  }

  /** A connection from this address has been closed. The last one to leave has it forgotten. */
  leave(origin: Origin): void {
    origin.leave();
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
