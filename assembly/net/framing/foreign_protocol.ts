/**
 * Recognises other protocols. Scanners, browsers and clients of other servers connect to any port,
 * and a web page can make a browser do so. Nothing that they send may reach a room.
 *
 * {@link ForeignBytes} recognises a binary protocol by its first bytes, {@link protocolOfLine} a
 * text protocol by its first line.
 */

/** The wildcard in a pattern: it matches any byte. Other characters match themselves. */
const ANY: i32 = 0x100;

class Beginning {
  constructor(
    public protocol: string,
    public pattern: string,
  ) {}

  /** Returns true if the bytes match the pattern, up to the shorter length. */
  matches(at: usize, length: u32): bool {
    const pattern = this.pattern;
    const bytes = min(<i32>length, pattern.length);
    for (let i = 0; i < bytes; i++) {
      const wanted = pattern.charCodeAt(i);
      if (wanted != ANY && wanted != <i32>load<u8>(at + i)) return false;
    }
    return true;
  }
}

const BEGINNINGS: Array<Beginning> = [
  new Beginning("TLS", "\u0016\u0003"),
  new Beginning("TLS", "\u0080\u0100\u0001\u0003"),
  new Beginning("SSH", "SSH-"),
  new Beginning("RDP", "\u0003\0\0"),
  new Beginning("SMB", "\0\0\0\u0100\u00ffSMB"),
  new Beginning("SMB", "\0\0\0\u0100\u00feSMB"),
  new Beginning("PostgreSQL", "\0\0\0\u0100\u0004\u00d2\u0016"),
  new Beginning("PostgreSQL", "\0\0\0\u0100\0\u0003\0\0"),
  new Beginning("SOCKS", "\u0004\u0001"),
  new Beginning("SOCKS", "\u0005\u0001"),
  new Beginning("SOCKS", "\u0005\u0002"),
  new Beginning("SOCKS", "\u0005\u0003"),
  new Beginning("SOCKS", "\u0005\u0004"),
  new Beginning("MQTT", "\u0010\u0100\0\u0004MQTT"),
  new Beginning("MQTT", "\u0010\u0100\0\u0006MQIsdp"),
  new Beginning("AMQP", "AMQP\0"),
  new Beginning("BitTorrent", "\u0013BitTorrent"),
  new Beginning("Java RMI", "JRMI\0"),
  new Beginning("LDAP", "0\u0100\u0002\u0001\u0001"),
  new Beginning("LDAP", "0\u0084\0"),
  new Beginning("LPD", "\u0001default"),
  new Beginning("RPC", "\u0080\0\0"),
  new Beginning("X11", "l\0\u000b\0"),
  new Beginning("X11", "B\0\0\u000b"),
  new Beginning("DNS", "\0\u0100\u0100\u0100\u0001\0\0\u0001"),
  new Beginning("Redis", "*\u0100\r\n$"),
  new Beginning("XMPP", "<?xml "),
  new Beginning("XMPP", "<stream:"),
];
/** The name for any other protocol that begins with NUL, which no text does. */
const BINARY = "a binary protocol";
/** The length of the longest pattern. */
const PATTERN_BYTES_MOST = 11;

/** Collects the first bytes of a peer, in chunks of any size, until the protocol is known. */
export class ForeignBytes {
  /** The recognised protocol; empty if there is none, or none yet. */
  protocol: string = "";
  /** True if more bytes cannot change the result. */
  isKnown: bool = false;

  private bytes: StaticArray<u8> = new StaticArray<u8>(PATTERN_BYTES_MOST);
  private held: u32 = 0;

  /** Checks the next bytes, without consuming them. */
  checkBytes(at: usize, length: u32): void {
    const start = changetype<usize>(this.bytes);
    const taken = min(length, <u32>PATTERN_BYTES_MOST - this.held);
    memory.copy(start + this.held, at, taken);
    this.held += taken;
    this.isKnown = true;
    for (let i = 0; i < BEGINNINGS.length; i++) {
      const beginning = BEGINNINGS[i];
      if (!beginning.matches(start, this.held)) continue;
      this.isKnown = <u32>beginning.pattern.length <= this.held;
      if (!this.isKnown) continue;
      this.protocol = beginning.protocol;
      return;
    }
    if (this.isKnown && load<u8>(start) == 0) this.protocol = BINARY;
  }
}

/**
 * Recognises a protocol by its first line: `GET / HTTP/1.1`, `CAP LS 302`.
 *
 * @param isCut true if these are only the first bytes of the line
 * @returns the name of the protocol, or empty
 */
export function protocolOfLine(at: usize, length: u32, isCut: bool): string {
  const verb = countCapitals(at, length);
  if (verb == 0 || verb == length || load<u8>(at + verb) != 0x20) return "";
  const words = String.UTF8.decodeUnsafe(at, length).trimEnd().split(" ");
  // Only spaces follow the verb.
  if (words.length < 2) return "";
  // A request has a method, a target and a version.
  if (words.length == 3) {
    const version = words[2];
    const slash = version.indexOf("/");
    if (slash > 0 && isVersion(version.substring(slash + 1))) {
      const protocol = version.substring(0, slash);
      if (protocol == "HTTP" || protocol == "RTSP" || protocol == "SIP") return protocol;
    }
  }
  if (words.length == 2 || isCut) {
    const target = words[1];
    if (isCut && (target.startsWith("/") || target.includes("://"))) return "HTTP";
    if (METHODS.includes(words[0]) && target.startsWith("/")) return "HTTP";
  }
  if (words[0] == "CAP" && words[1] == "LS") return "IRC";
  if (words.length != 2) return "";
  if (words[0] == "NICK" || words[0] == "PASS") return "IRC";
  return words[0] == "EHLO" || words[0] == "HELO" ? "SMTP" : "";
}

/** The methods of HTTP 0.9 to 1.1, for a request without a version. */
const METHODS: Array<string> = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "CONNECT",
];

/** Returns true for a version such as `1.1` or `2`. */
function isVersion(text: string): bool {
  if (text.length == 0 || text.length > 3) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (i % 2 == 0 ? code < 0x30 || code > 0x39 : code != 0x2e) return false;
  }
  return true;
}

/** Returns the number of capitals, hyphens and underscores at the beginning. */
function countCapitals(at: usize, length: u32): u32 {
  let count: u32 = 0;
  while (count < length) {
    const byte = load<u8>(at + count);
    if ((byte < 0x41 || byte > 0x5a) && byte != 0x2d && byte != 0x5f) break;
    count++;
  }
  return count;
}
