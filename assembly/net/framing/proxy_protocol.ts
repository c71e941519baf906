/**
 * The header by which a proxy says, in the first bytes of a connection, whom it speaks for:
 * HAProxy's PROXY protocol, version 1 (a line of text) and version 2 (binary), in whatever pieces
 * it comes.
 *
 * Whom to believe is not known here: {@link ProxyHeader} is for connections that must begin with a
 * header, {@link HeaderAlarm} for those that must not.
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

/** A PROXY header of version 1 is so long at most, CR LF included. @limit bytes */
export const V1_BYTES_MOST: u32 = 107;
/** Bytes of version 2 before the addresses. */
const V2_FIXED_BYTES: u32 = 16;
/** A PROXY header of version 2 is so long at most: it should fit one packet. @limit bytes */
export const V2_BYTES_MOST: u32 = V2_FIXED_BYTES + 536;

const V1_BEGINNING: StaticArray<u8> = [0x50, 0x52, 0x4f, 0x58, 0x59, 0x20];
const V2_BEGINNING: StaticArray<u8> = [
  0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
];
const PORT_MOST = 65_535;
const NEWLINE: u8 = 0x0a;
const CARRIAGE_RETURN: u8 = 0x0d;

/** The address that is being read. */
const address = new StaticArray<u8>(<i32>IPV6_BYTES);

/** What the first bytes of a connection turn out to be. */
export enum Verdict {
  /** Not known yet. */
  MORE = 0,
  /** A header where one must be. */
  HEADER = 1,
  /** Something else where one must be. */
  MALFORMED = 2,
  /** A header where none must be. */
  FORGED = 3,
  /** None where none must be. */
  PLAIN = 4,
  /** A header by which the proxy says that it comes for itself: mostly, to see who is here. */
  LOCAL = 5,
}

/** Whoever looks at the first bytes of a connection. */
export abstract class FirstBytes {
  verdict: Verdict = Verdict.MORE;
  /**
   * Whom the connection comes from, once the header is there: `203.0.113.7:51234`,
   * `[2001:db8::1]:51234`, or empty if the proxy speaks for itself or does not know.
   */
  source: string = "";

  /** Takes the bytes that come next, until there is a verdict. @returns how many are a header's */
  abstract offer(at: usize, length: u32): u32;
}

/** A header that must come. */
export class ProxyHeader extends FirstBytes {
  private bytes: StaticArray<u8> = new StaticArray<u8>(<i32>V2_BYTES_MOST);
  private held: u32 = 0;

  offer(at: usize, length: u32): u32 {
    const before = this.held;
    const taken = min(length, V2_BYTES_MOST - before);
    const start = changetype<usize>(this.bytes);
    memory.copy(start + before, at, taken);
    this.held += taken;
    const whole = this.judge(start);
    return whole == 0 ? taken : whole - before;
  }

  /** Finds out what is held. @returns the length of a header that is whole, or 0 */
  private judge(start: usize): u32 {
    const held = this.held;
    if (agrees(V1_BEGINNING, start, held)) {
      if (held >= <u32>V1_BEGINNING.length) return this.judgeV1(start);
    } else if (agrees(V2_BEGINNING, start, held)) {
      if (held >= V2_FIXED_BYTES) return this.judgeV2(start);
    } else {
      this.verdict = Verdict.MALFORMED;
    }
    return 0;
  }

  private judgeV1(start: usize): u32 {
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

  /** `PROXY TCP4 203.0.113.7 192.0.2.1 51234 9999` */
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

  private judgeV2(start: usize): u32 {
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

  /** Reads the address; what may come after it (TLVs) is not ours to know. */
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

/** A header that must not come: whoever sends one pretends to be a proxy. */
export class HeaderAlarm extends FirstBytes {
  private bytes: StaticArray<u8> = new StaticArray<u8>(V2_BEGINNING.length);
  private held: u32 = 0;

  offer(at: usize, length: u32): u32 {
    const start = changetype<usize>(this.bytes);
    const taken = min(length, <u32>this.bytes.length - this.held);
    memory.copy(start + this.held, at, taken);
    this.held += taken;
    if (agrees(V1_BEGINNING, start, this.held)) this.judge(V1_BEGINNING);
    else if (agrees(V2_BEGINNING, start, this.held)) this.judge(V2_BEGINNING);
    else this.verdict = Verdict.PLAIN;
    return 0;
  }

  private judge(beginning: StaticArray<u8>): void {
    if (this.held >= <u32>beginning.length) this.verdict = Verdict.FORGED;
  }
}

/** Version 2: the version with its command, and the family with its transport. */
namespace V2 {
  export const LOCAL: u8 = 0x20;
  export const PROXY: u8 = 0x21;
  export const TCP4: u8 = 0x11;
  export const TCP6: u8 = 0x21;
}

/** Whether the fixed bytes make sense, and so many bytes have room for the addresses. */
function isV2(command: u8, kind: u8, length: u32): bool {
  if (command == V2.LOCAL) return true;
  const family = kind >> 4;
  const transport = kind & 0x0f;
  if (command != V2.PROXY || transport > 2) return false;
  // What has no family has no transport, and the other way round.
  if (family == 0 || transport == 0) return kind == 0;
  if (family == 1) return length >= 2 * IPV4_BYTES + 4;
  if (family == 2) return length >= 2 * IPV6_BYTES + 4;
  // Unix sockets: two paths of 108 bytes.
  return family == 3 && length >= 216;
}

/** Whether bytes and a beginning are the same, as far as both go. */
function agrees(beginning: StaticArray<u8>, at: usize, length: u32): bool {
  const bytes = min(length, <u32>beginning.length);
  return memory.compare(changetype<usize>(beginning), at, bytes) == 0;
}
