/**
 * The registry of client addresses: single IPv4 addresses, and the /64 of each IPv6 subscriber.
 * Unknown addresses are not in it, nor those of this machine: these may be a proxy that does not
 * report the client's address.
 *
 * An address stays while it has connections, and then until its token bucket is full, so that a
 * flood cannot start anew by reconnecting. The number of addresses without connections is bounded.
 */
import { Loop } from "../../loop/loop";
import { remoteSubscriberOf } from "../../text/ip_range";
import { ConnectionLimits } from "../connection/connection_limits";
import { AddressLimiter } from "./address_limiter";

/** The server remembers at most this many addresses without connections. @limit addresses */
export const IDLE_ADDRESSES_MOST: i32 = 4096;

export class AddressRegistry {
  private limiters: Map<string, AddressLimiter> = new Map();
  /**
   * The addresses without connections, in the order of their last close, and some that have
   * connections again.
   */
  private idle: Array<AddressLimiter> = [];

  constructor(
    private loop: Loop,
    private limits: ConnectionLimits,
  ) {}

  /** The number of addresses. */
  get size(): i32 {
    return this.limiters.size;
  }

  /**
   * Returns the limiter of a peer's address (`203.0.113.7:51234`), or null if it is no address, or
   * this machine's.
   */
  find(peer: string): AddressLimiter | null {
    const key = remoteSubscriberOf(peer);
    if (key == "") return null;
    if (this.limiters.has(key)) return this.limiters.get(key);
    const addressLimiter = new AddressLimiter(key, this.loop, this.limits);
    this.limiters.set(key, addressLimiter);
    return addressLimiter;
  }

  /**
   * Removes a connection from its address. An address without connections is forgotten, at once or
   * later.
   */
  removeConnection(addressLimiter: AddressLimiter): void {
    addressLimiter.removeConnection();
    if (addressLimiter.connections > 0) return;
    if (addressLimiter.isRecovered && !addressLimiter._isIdle) {
      this.limiters.delete(addressLimiter.key);
    } else if (!addressLimiter._isIdle) {
      addressLimiter._isIdle = true;
      this.idle.push(addressLimiter);
    }
    this.forgetRecovered();
  }

  private forgetRecovered(): void {
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
