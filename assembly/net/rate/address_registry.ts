/**
 * Where connections come from, by address: each of IPv4 by itself, of IPv6 the /64 that one
 * subscriber has. Who comes from nowhere known is not in it, nor who comes from this machine: that
 * may be a proxy which does not say whom it speaks for.
 *
 * An address stays in the book while somebody is connected from it, and until its lines are
 * forgiven, so that a flood does not begin anew by connecting anew; of those, the book keeps a
 * bounded number.
 */
import { Loop } from "../../loop/loop";
import { subscriberOf } from "../../text/ip_range";
import { ConnectionLimits } from "../connection/connection_limits";
import { AddressLimiter } from "./address_limiter";

/** How keys of this machine's own addresses begin, and what `::1` is in. */
const OWN_IPV4 = "127.";
const OWN_IPV6 = "::/64";
/** The server remembers the debts of so many addresses without a connection. @limit addresses */
export const IDLE_ADDRESSES_MOST: i32 = 4096;

export class AddressRegistry {
  private limiters: Map<string, AddressLimiter> = new Map();
  /** Those that nobody comes from, the longest first, and some to which somebody has returned. */
  private idle: Array<AddressLimiter> = [];

  constructor(
    private loop: Loop,
    private limits: ConnectionLimits,
  ) {}

  /** Addresses in it. */
  get size(): i32 {
    return this.limiters.size;
  }

  /** The page of a peer, `203.0.113.7:51234`; null if that is no address, or our own. */
  find(peer: string): AddressLimiter | null {
    const key = subscriberOf(peer);
    if (key == "" || key.startsWith(OWN_IPV4) || key == OWN_IPV6) return null;
    if (this.limiters.has(key)) return this.limiters.get(key);
    const addressLimiter = new AddressLimiter(key, this.loop, this.limits);
    this.limiters.set(key, addressLimiter);
    return addressLimiter;
  }

  /** A connection from this address has been closed. The last one to leave has it forgotten. */
  leave(addressLimiter: AddressLimiter): void {
    addressLimiter.leave();
    if (addressLimiter.connections > 0) return;
    if (addressLimiter.isRecovered && !addressLimiter._isIdle) {
      this.limiters.delete(addressLimiter.key);
    } else if (!addressLimiter._isIdle) {
      addressLimiter._isIdle = true;
      this.idle.push(addressLimiter);
    }
    this.forget();
  }

  private forget(): void {
    while (this.idle.length > 0) {
      const first = this.idle[0];
      const isLeft = first.connections == 0;
      if (isLeft && !first.isRecovered && this.idle.length <= IDLE_ADDRESSES_MOST) return;
      this.idle.shift();
      first._isIdle = false;
      if (isLeft) this.limiters.delete(first.key);
    }
  }
}
