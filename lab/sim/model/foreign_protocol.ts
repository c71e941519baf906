/**
 * Detects clients of other protocols, after docs/reference/protocol.md: binary protocols by their
 * first bytes (patterns in hexadecimal), text protocols by their first line.
 */

const BEGINNINGS: Record<string, readonly string[]> = {
  TLS: ["1603", "80..0103"],
  SSH: ["5353482d"],
  RDP: ["030000"],
  SMB: ["000000..ff534d42", "000000..fe534d42"],
  PostgreSQL: ["000000..04d216", "000000..00030000"],
  SOCKS: ["0401", "0501", "0502", "0503", "0504"],
  MQTT: ["10..00044d515454", "10..00064d5149736470"],
  AMQP: ["414d515000"],
  BitTorrent: ["13426974546f7272656e74"],
  "Java RMI": ["4a524d4900"],
  LDAP: ["30..020101", "308400"],
  LPD: ["0164656661756c74"],
  RPC: ["800000"],
  X11: ["6c000b00", "4200000b"],
  DNS: ["00......01000001"],
  Redis: ["2a..0d0a24"],
  XMPP: ["3c3f786d6c20", "3c73747265616d3a"],
};
const METHOD = "(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT)";
const LINES: readonly [string, RegExp][] = [
  ["$1", /^[A-Z_-]+ [^ ]* (HTTP|RTSP|SIP)\/\d(?:\.\d?)?$/],
  ["HTTP", new RegExp(`^${METHOD} /[^ ]*$`)],
  ["IRC", /^(?:CAP LS(?: .*)?|(?:NICK|PASS) [^ ]+)$/],
  ["SMTP", /^(?:EHLO|HELO) [^ ]+$/],
];

/** Compares the first bytes of a client with the patterns of binary protocols. */
export class ForeignProtocol {
  #held = "";

  /** @returns the protocol; "" if it is none of these; undefined until more bytes decide it */
  offer(bytes: Buffer): string | undefined {
    this.#held += bytes.toString("hex");
    let isOpen = false;
    for (const [protocol, patterns] of Object.entries(BEGINNINGS)) {
      for (const pattern of patterns) {
        const length = Math.min(pattern.length, this.#held.length);
        const part = new RegExp(`^${pattern.slice(0, length)}`);
        if (!part.test(this.#held)) continue;
        if (length === pattern.length) return protocol;
        isOpen = true;
      }
    }
    if (isOpen) return undefined;
    return this.#held.startsWith("00") ? "a binary protocol" : "";
  }
}

/** @returns the protocol that begins with such a line, or "" */
export function protocolOfLine(line: Buffer): string {
  const text = line.toString("latin1").trimEnd();
  for (const [name, pattern] of LINES) {
    const found = pattern.exec(text);
    if (found !== null) return name === "$1" ? (found[1] ?? "") : name;
  }
  return "";
}
