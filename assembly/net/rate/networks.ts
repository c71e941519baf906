/**
 * Finds the network of an IPv6 client that counts as one address. Mostly it is the client's /64. A
 * subscriber may have many /64 networks: if too many of one /56 are in use, the rest of the /56
 * counts as one address. The same rule holds for the /56 networks of one /48.
 */
import { subscriberOf } from "../../text/ip_range";

/** At most this many /64 networks of one /56 count as addresses of their own. @limit networks */
export const NETWORKS_OF_56: i32 = 4;
/** At most this many networks of one /48 count as addresses of their own. @limit networks */
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

  /** Counts an address that has become known, or is forgotten. @param by 1 or -1 */
  countAddress(key: string, by: i32): void {
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
