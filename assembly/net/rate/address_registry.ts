/**
 * The registry of client addresses: single IPv4 addresses, and the network of each IPv6 subscriber.
 * Clients with unknown addresses share one limiter, with those of this machine: these may be a
 * proxy that does not report the client's address.
 *
 * An address stays while it has connections, and then until its token bucket is full, so that a
 * flood cannot start anew by reconnecting. The number of addresses without connections is bounded.
 */
import { Loop } from "../../loop/loop";
import { remoteSubscriberOf } from "../../text/ip_range";
import { ConnectionLimits } from "../connection/connection_limits";
import { AddressLimiter } from "./address_limiter";
import { Networks } from "./networks";

/** The server remembers at most this many addresses without connections. @limit addresses */
export const IDLE_ADDRESSES_MOST: i32 = 4096;

export class AddressRegistry {
  /** The limiter of all clients whose addresses are unknown. */
  private unknown: AddressLimiter;
  private networks: Networks = new Networks();
  private limiters: Map<string, AddressLimiter> = new Map();
  /**
   * The addresses without connections, in the order of their last close, and some that have
   * connections again.
   */
  private idle: Array<AddressLimiter> = [];

  constructor(
    private loop: Loop,
    private limits: ConnectionLimits,
  ) {
    this.unknown = new AddressLimiter("", loop, limits);
  }

  /** The number of known addresses. */
  get size(): i32 {
    return this.limiters.size;
  }

  /**
   * Returns the limiter of a peer's address (`203.0.113.7:51234`), or the common one if it is no
   * address, or this machine's.
   */
  find(peer: string): AddressLimiter {
    let key = remoteSubscriberOf(peer);
    if (key == "") return this.unknown;
    if (this.limiters.has(key)) return this.limiters.get(key);
    key = this.networks.keyOf(peer);
    if (this.limiters.has(key)) return this.limiters.get(key);
    this.networks.countAddress(key, 1);
    const addressLimiter = new AddressLimiter(key, this.loop, this.limits);
    this.limiters.set(key, addressLimiter);
    return addressLimiter;
  }

  /**
   * Removes a connection from its address. An address without connections is forgotten once its
   * limiter has recovered.
   */
  removeConnection(addressLimiter: AddressLimiter): void {
    addressLimiter.removeConnection();
    if (addressLimiter.connections > 0 || addressLimiter === this.unknown) return;
    if (addressLimiter.isRecovered && !addressLimiter._isIdle) {
      this.forget(addressLimiter.key);
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
      if (isLeft) this.forget(first.key);
    }
  }

  private forget(key: string): void {
    this.limiters.delete(key);
    this.networks.countAddress(key, -1);
  }
}
