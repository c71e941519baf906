/**
 * Parses the header with which a proxy reports the client's address in the first bytes of a
 * connection: HAProxy's PROXY protocol, version 1 (a line of text) and version 2 (binary), in
 * chunks of any size.
 *
 * {@link ProxyHeader} is for connections that must begin with a header, {@link HeaderAlarm} for
 * those that must not. The listener decides which.
 */
import { parseDecimal } from "../../text/decimal";
import {
  IPV4_BYTES,
  ipv4Text,
  IPV6_BYTES,
  ipv6Text,
  parseIpv4,
  parseIpv6,
} from "../../text/ip_address";

/** A PROXY header of version 1 has at most this length, with CR LF. @limit bytes */
export const V1_BYTES_MOST: u32 = 107;
/** The length of a version 2 header before the addresses. */
const V2_FIXED_BYTES: u32 = 16;
/** A PROXY header of version 2 has at most this length: it should fit one packet. @limit bytes */
export const V2_BYTES_MOST: u32 = V2_FIXED_BYTES + 536;

const V1_BEGINNING: StaticArray<u8> = [0x50, 0x52, 0x4f, 0x58, 0x59, 0x20];
const V2_BEGINNING: StaticArray<u8> = [
  0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
];
const PORT_MOST = 65_535;
const NEWLINE: u8 = 0x0a;
const CARRIAGE_RETURN: u8 = 0x0d;

/** The buffer for parsing addresses. */
const address = new StaticArray<u8>(<i32>IPV6_BYTES);

/** The result of parsing the first bytes. */
export enum Verdict {
  /** More bytes are needed. */
  MORE = 0,
  /** A header, as required. */
  HEADER = 1,
  /** A header is required, and this is none. */
  MALFORMED = 2,
  /** A header, where none is allowed. */
  FORGED = 3,
  /** No header, where none is allowed. */
  PLAIN = 4,
  /** A header without a client: the proxy connects for itself, mostly for a health check. */
  LOCAL = 5,
}

/** A parser of the first bytes of a connection. */
export abstract class FirstBytes {
  verdict: Verdict = Verdict.MORE;
  /**
   * The client's address after the verdict HEADER: `203.0.113.7:51234`, `[2001:db8::1]:51234`, or
   * empty if the proxy does not know it.
   */
  source: string = "";

  /**
   * Takes the next bytes, until there is a verdict.
   *
   * @returns the number of bytes that belong to a header
   */
  abstract parseBytes(at: usize, length: u32): u32;
}

/** The parser for connections that must begin with a header. */
export class ProxyHeader extends FirstBytes {
  private bytes: StaticArray<u8> = new StaticArray<u8>(<i32>V2_BYTES_MOST);
  private held: u32 = 0;

  parseBytes(at: usize, length: u32): u32 {
    const before = this.held;
    const taken = min(length, V2_BYTES_MOST - before);
    const start = changetype<usize>(this.bytes);
    memory.copy(start + before, at, taken);
    this.held += taken;
    const whole = this.parse(start);
    return whole == 0 ? taken : whole - before;
  }

  /** Parses the bytes so far. @returns the length of a complete header, or 0 */
  private parse(start: usize): u32 {
    const held = this.held;
    if (matchesBeginning(V1_BEGINNING, start, held)) {
      if (held >= <u32>V1_BEGINNING.length) return this.parseV1(start);
    } else if (matchesBeginning(V2_BEGINNING, start, held)) {
      if (held >= V2_FIXED_BYTES) return this.parseV2(start);
    } else {
      this.verdict = Verdict.MALFORMED;
    }
    return 0;
  }

  private parseV1(start: usize): u32 {
    const most = min(this.held, V1_BYTES_MOST);
    let end: u32 = 0;
    while (end < most && load<u8>(start + end) != NEWLINE) end++;
    if (end == most) {
      if (most == V1_BYTES_MOST) this.verdict = Verdict.MALFORMED;
      return 0;
    }
    const line = String.UTF8.decodeUnsafe(start, end - 1);
    const isEnded = load<u8>(start + end - 1) == CARRIAGE_RETURN;
    const isHeader = isEnded && this.readV1(line.split(" "));
    this.verdict = isHeader ? Verdict.HEADER : Verdict.MALFORMED;
    return isHeader ? end + 1 : 0;
  }

  /** Parses `PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999`. */
  private readV1(words: Array<string>): bool {
    const family = words[1];
    if (family == "UNKNOWN") return true;
    if ((family != "TCP4" && family != "TCP6") || words.length != 6) return false;
    const port = parseDecimal(words[4], PORT_MOST);
    if (port < 0 || parseDecimal(words[5], PORT_MOST) < 0) return false;
    const at = changetype<usize>(address);
    if (family == "TCP4") {
      if (!parseIpv4(words[3], at) || !parseIpv4(words[2], at)) return false;
      this.source = `${ipv4Text(at)}:${port}`;
    } else {
      if (!parseIpv6(words[3], at) || !parseIpv6(words[2], at)) return false;
      this.source = `[${ipv6Text(at)}]:${port}`;
    }
    return true;
  }

  private parseV2(start: usize): u32 {
    const length = <u32>bswap<u16>(load<u16>(start, 14));
    const whole = V2_FIXED_BYTES + length;
    if (whole > V2_BYTES_MOST || !isV2(load<u8>(start, 12), load<u8>(start, 13), length)) {
      this.verdict = Verdict.MALFORMED;
      return 0;
    }
    if (this.held < whole) return 0;
    this.readV2(start);
    this.verdict = load<u8>(start, 12) == V2.LOCAL ? Verdict.LOCAL : Verdict.HEADER;
    return whole;
  }

  /** Reads the address, and ignores the extensions (TLVs) after it. */
  private readV2(start: usize): void {
    const kind = load<u8>(start, 13);
    const at = start + V2_FIXED_BYTES;
    if (load<u8>(start, 12) != V2.PROXY) return;
    if (kind == V2.TCP4) {
      const port = bswap<u16>(load<u16>(at + 2 * IPV4_BYTES));
      this.source = `${ipv4Text(at)}:${port}`;
    } else if (kind == V2.TCP6) {
      const port = bswap<u16>(load<u16>(at + 2 * IPV6_BYTES));
      this.source = `[${ipv6Text(at)}]:${port}`;
    }
  }
}

/**
 * The parser for connections that must not begin with a header. A client that sends one pretends to
 * be a proxy.
 */
export class HeaderAlarm extends FirstBytes {
  private bytes: StaticArray<u8> = new StaticArray<u8>(V2_BEGINNING.length);
  private held: u32 = 0;

  parseBytes(at: usize, length: u32): u32 {
    const start = changetype<usize>(this.bytes);
    const taken = min(length, <u32>this.bytes.length - this.held);
    memory.copy(start + this.held, at, taken);
    this.held += taken;
    if (matchesBeginning(V1_BEGINNING, start, this.held)) this.refuseIfComplete(V1_BEGINNING);
    else if (matchesBeginning(V2_BEGINNING, start, this.held)) this.refuseIfComplete(V2_BEGINNING);
    else this.verdict = Verdict.PLAIN;
    return 0;
  }

  private refuseIfComplete(beginning: StaticArray<u8>): void {
    if (this.held >= <u32>beginning.length) this.verdict = Verdict.FORGED;
  }
}

/** Version 2: version and command in one byte, address family and transport in another. */
namespace V2 {
  export const LOCAL: u8 = 0x20;
  export const PROXY: u8 = 0x21;
  export const TCP4: u8 = 0x11;
  export const TCP6: u8 = 0x21;
}

/** Returns true if the fixed bytes are valid and `length` bytes suffice for the addresses. */
function isV2(command: u8, kind: u8, length: u32): bool {
  if (command == V2.LOCAL) return true;
  const family = kind >> 4;
  const transport = kind & 0x0f;
  if (command != V2.PROXY || transport > 2) return false;
  // Family and transport are both unspecified, or neither is.
  if (family == 0 || transport == 0) return kind == 0;
  if (family == 1) return length >= 2 * IPV4_BYTES + 4;
  if (family == 2) return length >= 2 * IPV6_BYTES + 4;
  // Unix sockets have two paths of 108 bytes.
  return family == 3 && length >= 216;
}

/** Returns true if the bytes match the beginning, up to the shorter length. */
function matchesBeginning(beginning: StaticArray<u8>, at: usize, length: u32): bool {
  const bytes = min(length, <u32>beginning.length);
  return memory.compare(changetype<usize>(beginning), at, bytes) == 0;
}
