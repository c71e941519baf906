/**
 * Finds which network of an IPv6 client counts as one address. It is the /64 of a subscriber. One
 * who has many of those is bounded, too: if too many of a /56 are in use, the rest of it counts as
 * one address, and likewise for a /48.
 */
import { subscriberOf } from "../../text/ip_range";

/** So many /64 of one /56 count as addresses of their own. @limit networks */
export const NETWORKS_OF_56: i32 = 4;
/** So many networks of one /48 count as addresses of their own. @limit networks */
export const NETWORKS_OF_48: i32 = 16;

export class Networks {
  /** The number of known addresses in each /56 and /48. */
  private counts: Map<string, i32> = new Map();

  /**
   * Returns the key of a peer that is not known yet; the peer itself for IPv4.
   *
   * @param peer an address, with or without a port
   */
  keyOf(peer: string): string {
    if (this.countOf(subscriberOf(peer, 48)) >= NETWORKS_OF_48) return subscriberOf(peer, 48);
    if (this.countOf(subscriberOf(peer, 56)) >= NETWORKS_OF_56) return subscriberOf(peer, 56);
    return subscriberOf(peer);
  }

  /** Counts an address that is known from now on, or not any more. @param by 1 or -1 */
  count(key: string, by: i32): void {
    if (!key.includes(":")) return;
    const peer = key.substring(0, key.lastIndexOf("/"));
    this.add(subscriberOf(peer, 56), by);
    this.add(subscriberOf(peer, 48), by);
  }

  private add(key: string, by: i32): void {
    const count = this.countOf(key) + by;
    if (count > 0) this.counts.set(key, count);
    else this.counts.delete(key);
  }

  private countOf(key: string): i32 {
    return this.counts.has(key) ? this.counts.get(key) : 0;
  }
}
