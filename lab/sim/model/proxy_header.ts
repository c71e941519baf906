/**
 * Parses the first bytes of a connection after HAProxy's specification of the PROXY protocol.
 * Behind a proxy, a header of version 1 or 2 is required; on other connections it is forbidden.
 */

export interface Verdict {
  kind: "more" | "plain" | "forged" | "malformed" | "header" | "local";
  /** The number of the bytes offered last that belong to the header. */
  taken: number;
  /**
   * The client's address and port, as in `203.0.113.7:51234`; "" if the proxy does not know them.
   */
  source: string;
}

const V1 = Buffer.from("PROXY ");
const V2 = Buffer.from("0d0a0d0a000d0a515549540a", "hex");
const V1_MOST = 107;
const V2_FIXED = 16;
const V2_MOST = V2_FIXED + 536;
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const V4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const PORT = /^(?:0|[1-9]\d{0,4})$/;

export class ProxyHeader {
  #held = Buffer.alloc(0);

  constructor(private readonly proxied: boolean) {}

  offer(bytes: Buffer): Verdict {
    const before = this.#held.length;
    this.#held = Buffer.concat([this.#held, bytes]);
    const held = this.#held;
    if (!this.proxied) {
      const kind = begins(held, V1) || begins(held, V2) ? "forged" : "plain";
      return { kind: mayBecome(held, V1) || mayBecome(held, V2) ? "more" : kind, ...NOTHING };
    }
    if (mayBecome(held, V1) || mayBecome(held, V2)) return more(bytes);
    if (begins(held, V1)) return this.#version1(held, before, bytes);
    return begins(held, V2) ? this.#version2(held, before, bytes) : MALFORMED;
  }

  #version1(held: Buffer, before: number, bytes: Buffer): Verdict {
    const end = held.subarray(0, V1_MOST).indexOf("\n");
    if (end < 0) return held.length >= V1_MOST ? MALFORMED : more(bytes);
    const line = held.subarray(0, end).toString();
    const source = line.endsWith("\r") ? sourceOf(line.slice(0, -1).split(" ")) : undefined;
    if (source === undefined) return MALFORMED;
    return { kind: "header", taken: end + 1 - before, source };
  }

  #version2(held: Buffer, before: number, bytes: Buffer): Verdict {
    if (held.length < V2_FIXED) return more(bytes);
    const length = held.readUInt16BE(14);
    const [command, family] = [held.readUInt8(12), held.readUInt8(13)];
    if (V2_FIXED + length > V2_MOST || !makesSense(command, family, length)) return MALFORMED;
    if (held.length < V2_FIXED + length) return more(bytes);
    const source = command === 0x21 ? v2Source(held.subarray(V2_FIXED), family) : "";
    const kind = command === 0x20 ? "local" : "header";
    return { kind, taken: V2_FIXED + length - before, source };
  }
}

const NOTHING = { taken: 0, source: "" };
const MALFORMED: Verdict = { kind: "malformed", ...NOTHING };

function more(bytes: Buffer): Verdict {
  return { kind: "more", taken: bytes.length, source: "" };
}

function begins(held: Buffer, beginning: Buffer): boolean {
  return held.subarray(0, beginning.length).equals(beginning);
}

function mayBecome(held: Buffer, beginning: Buffer): boolean {
  return held.length < beginning.length && begins(beginning, held);
}

function sourceOf(words: readonly string[]): string | undefined {
  const [, family, from = "", to = "", fromPort = "", toPort = ""] = words;
  if (family === "UNKNOWN") return "";
  if (words.length !== 6 || !isPort(fromPort) || !isPort(toPort)) return undefined;
  if (family === "TCP4") return V4.test(from) && V4.test(to) ? `${from}:${fromPort}` : undefined;
  if (family !== "TCP6" || v6Text(to) === undefined) return undefined;
  const address = v6Text(from);
  return address === undefined ? undefined : `[${address}]:${fromPort}`;
}

function isPort(text: string): boolean {
  return PORT.test(text) && Number(text) <= 65_535;
}

/** Returns an IPv6 address as RFC 5952 writes it; undefined if the text is none. */
function v6Text(text: string): string | undefined {
  if (!/^[0-9a-f:.]+$/i.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined;
  const address = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(address);
  if (mapped === null) return address;
  const bytes = [mapped[1], mapped[2]].flatMap((group) => {
    const value = parseInt(group ?? "", 16);
    return [value >> 8, value & 255];
  });
  return `::ffff:${bytes.join(".")}`;
}

function makesSense(command: number, kind: number, length: number): boolean {
  if (command === 0x20) return true;
  const [family, transport] = [kind >> 4, kind & 15];
  if (command !== 0x21 || family > 3 || transport > 2) return false;
  if (family === 0 || transport === 0) return kind === 0;
  return length >= ([0, 12, 36, 216][family] ?? 0);
}

function v2Source(addresses: Buffer, kind: number): string {
  if (kind === 0x11)
    return `${[...addresses.subarray(0, 4)].join(".")}:${addresses.readUInt16BE(8)}`;
  if (kind !== 0x21) return "";
  const groups = Array.from({ length: 8 }, (_, at) => addresses.readUInt16BE(2 * at).toString(16));
  return `[${String(v6Text(groups.join(":")))}]:${addresses.readUInt16BE(32)}`;
}
