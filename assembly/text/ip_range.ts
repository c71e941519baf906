/**
 * Ranges of IP addresses, such as `10.0.0.0/8`, and tests for peers in them. All addresses are kept
 * as IPv6: IPv4 addresses are mapped, so that `::ffff:10.0.0.1` and `10.0.0.1` are equal.
 */
import { parseDecimal } from "./decimal";
import { IPV4_BYTES, ipv4Text, IPV6_BYTES, ipv6Text, parseIpv4, parseIpv6 } from "./ip_address";

/** The length of the prefix of an IPv4-mapped IPv6 address, in bits. */
const MAPPED_BITS = 96;
const IPV4_BITS = 32;
const IPV6_BITS = 128;
const MAPPED_BYTES: u32 = IPV6_BYTES - IPV4_BYTES;
/** The prefix length of the network that one IPv6 subscriber gets, in bits. */
const SUBSCRIBER_BITS = 64;

/** The beginning of this machine's IPv4 addresses. */
const OWN_IPV4 = "127.";
/** The network of this machine's IPv6 address. */
const OWN_IPV6 = "::/64";

/** The last parsed address. */
const parsed = memory.data(16);

export class IpRange {
  private bytes: StaticArray<u8> = new StaticArray<u8>(<i32>IPV6_BYTES);

  /**
   * @param at the address of 16 bytes; the bits after the prefix are ignored
   * @param bits the length of the prefix
   */
  constructor(
    at: usize,
    private bits: i32,
  ) {
    const to = changetype<usize>(this.bytes);
    memory.copy(to, at, IPV6_BYTES);
    for (let byte = bits >> 3; byte < <i32>IPV6_BYTES; byte++) {
      const mask: u32 = byte == bits >> 3 ? 0xff00 >> (bits & 7) : 0;
      store<u8>(to + byte, <u8>(load<u8>(to + byte) & mask));
    }
  }

  /** Returns true if this range contains all of another range. */
  covers(other: IpRange): bool {
    if (other.bits < this.bits) return false;
    const one = changetype<usize>(this.bytes);
    const two = changetype<usize>(other.bytes);
    const whole = this.bits >> 3;
    if (memory.compare(one, two, whole) != 0) return false;
    const rest = this.bits & 7;
    return rest == 0 || (load<u8>(one + whole) ^ load<u8>(two + whole)) >> (8 - rest) == 0;
  }

  /**
   * Returns true if the range is so large that it may be a typing error: more than a /8, or for
   * IPv6 more than a /16.
   */
  get isVast(): bool {
    const isIpv4 = this.bits >= MAPPED_BITS && isMapped(changetype<usize>(this.bytes));
    if (isIpv4) return this.bits < MAPPED_BITS + 8;
    return this.bits < 16 || this.covers(parseRange("0.0.0.0/0")!);
  }

  /** Formats the range: `10.0.0.0/8`; a single address without a prefix length. */
  toString(): string {
    const at = changetype<usize>(this.bytes);
    const isIpv4 = this.bits >= MAPPED_BITS && isMapped(at);
    const text = isIpv4 ? ipv4Text(at + MAPPED_BYTES) : ipv6Text(at);
    if (this.bits == IPV6_BITS) return text;
    return `${text}/${isIpv4 ? this.bits - MAPPED_BITS : this.bits}`;
  }
}

/** Parses `10.0.0.0/8`, `203.0.113.7` or `2001:db8::/32`. @returns null if the text is no range */
export function parseRange(text: string): IpRange | null {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.substring(0, slash);
  if (!parseAddress(address)) return null;
  const most = address.includes(":") ? IPV6_BITS : IPV4_BITS;
  const bits = slash < 0 ? most : parseDecimal(text.substring(slash + 1), most);
  return bits < 0 ? null : new IpRange(parsed, IPV6_BITS - most + bits);
}

/**
 * Returns the address of a peer (`203.0.113.7:51234`, `[::1]:5`, or without a port) as a range, or
 * null if the text is no address.
 */
export function rangeOfPeer(peer: string): IpRange | null {
  return parsePeer(peer) ? new IpRange(parsed, IPV6_BITS) : null;
}

/** Returns the address of a peer without its port, or `peer` itself if it is no address. */
export function hostOf(peer: string): string {
  const range = rangeOfPeer(peer);
  return range === null ? peer : range.toString();
}

/**
 * Returns the network of the peer's subscriber: the address itself for IPv4, the prefix of `bits`
 * bits for IPv6. Returns an empty text if `peer` is no address.
 */
export function subscriberOf(peer: string, bits: i32 = SUBSCRIBER_BITS): string {
  if (!parsePeer(peer)) return "";
  return new IpRange(parsed, isMapped(parsed) ? IPV6_BITS : bits).toString();
}

/** Returns what {@link subscriberOf} returns, but an empty text for an address of this machine. */
export function remoteSubscriberOf(peer: string): string {
  const network = subscriberOf(peer);
  return network.startsWith(OWN_IPV4) || network == OWN_IPV6 ? "" : network;
}

function parsePeer(peer: string): bool {
  if (peer.startsWith("[")) {
    const end = peer.indexOf("]");
    return end > 0 && parseAddress(peer.substring(1, end));
  }
  const colon = peer.indexOf(":");
  const isPort = colon > 0 && colon == peer.lastIndexOf(":");
  return parseAddress(isPort ? peer.substring(0, colon) : peer);
}

/**
 * Parses an address and stores its 16 bytes at {@link parsed}.
 *
 * @returns false if the text is none
 */
function parseAddress(text: string): bool {
  if (parseIpv6(text, parsed)) return true;
  memory.fill(parsed, 0, MAPPED_BYTES - 2);
  store<u16>(parsed + MAPPED_BYTES - 2, 0xffff);
  return parseIpv4(text, parsed + MAPPED_BYTES);
}

function isMapped(at: usize): bool {
  for (let i: u32 = 0; i < MAPPED_BYTES - 2; i++) if (load<u8>(at + i) != 0) return false;
  return load<u16>(at + MAPPED_BYTES - 2) == 0xffff;
}
