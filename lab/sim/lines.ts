/** Random lines of clients, from harmless to hostile. */
import type { Random } from "../world/random.js";

const WORDS = ["hello", "readiness", "loop", "ok", "select", "Grüße", "你好", "🙂", "a", "quit it"];
const NASTY = [
  ...["\x1b[2J", "\x1b]0;title\x07", "\r", "\t", "\0", '"\\"', "\u0085", "\u202e", "\u2066x"],
  ...["\u2028", "\ufeff", "\ud7ff", "\ufffd", "\b\b", "quit ", " quit", "QUIT"],
  ...["   ", `${" ".repeat(80)}* server: x`, "\t\t\t", "\u3000\u00a0\u2800", "\u3000\u200d"],
];
const NOT_UTF8 = [
  ...["c0af", "eda080", "f4908080", "f5", "ff", "80", "e282", "f09f98", "c3", "e08080", "f0808080"],
  ...["c285", "e280ae", "edbfbf", "f48fbfbf", "c2", "ee8080", "e2"],
].map((hex) => Buffer.from(hex, "hex"));
/** Telnet: Ctrl-C, a timing mark, options, AYT, a terminal type, incomplete commands. */
const TELNET = [
  ...["fff4fffd06", "fff5fffd06", "fffd06", "fffb1ffffb20", "fffd01", "fff6", "fff7", "fff8"],
  ...["fffa1800787465726dfff0", "ffff", "ff", "fffa", "fffb", "fff0", "0d00", "080808", "7f"],
].map((hex) => Buffer.from(hex, "hex"));
/** First lines of other protocols, and lines that only begin like one. */
const FOREIGN = [
  ...["GET / HTTP/1.1", "POST /x HTTP/1.0", "CAP LS 302", "NICK ann", "PASS x", "EHLO a.example"],
  ...[
    "GET ",
    "CAP ",
    "NICK ",
    "EHLO  ",
    "GET",
    "CAP x",
    "PRI * HTTP/2.0",
    "SSH-2.0-x",
    "\x16\x03\x01",
  ],
];
const LF = Buffer.from("\n");
const CRLF = Buffer.from("\r\n");

export function chat(random: Random): Buffer {
  const count = random.between(1, 8);
  const words = Array.from({ length: count }, () => random.pick(WORDS));
  const line = Buffer.from(words.join(" ").replace(/^quit$/, "quit it"));
  return Buffer.concat([line, random.chance(0.1) ? CRLF : LF]);
}

/** Returns a line around the length limit, often exactly at it or one byte past it. */
export function long(random: Random, maxLine: number): Buffer {
  const length = random.chance(0.7)
    ? Math.max(0, maxLine + random.between(-3, 3))
    : random.below(maxLine * 4);
  const ends = [LF, CRLF, Buffer.from("\r\r\n"), Buffer.alloc(0), Buffer.from("\r")];
  return Buffer.concat([Buffer.alloc(length, random.between(0x61, 0x7a)), random.pick(ends)]);
}

export function hostile(random: Random): Buffer {
  if (random.chance(0.1)) return Buffer.from(`${foreign(random)}\n`);
  const parts: Buffer[] = [];
  for (let left = random.between(1, 12); left > 0; left--) {
    const kind = random.below(10);
    if (kind < 2) parts.push(random.pick(NOT_UTF8));
    else if (kind < 3) parts.push(random.pick(TELNET));
    else if (kind < 6) parts.push(Buffer.from(random.pick(NASTY)));
    else if (kind < 7) parts.push(noise(random, random.between(1, 20)));
    else parts.push(Buffer.from(random.pick(WORDS)));
  }
  if (random.chance(0.8)) parts.push(LF);
  return Buffer.concat(parts);
}

/** Returns the first line of another protocol, or one that only begins like it, without its LF. */
export function foreign(random: Random): string {
  return random.pick(FOREIGN);
}

export function empty(random: Random): Buffer {
  return Buffer.from(random.pick(["\n", "\r\n", "\n\n\n", "\r\r\n", " \n"]));
}

function noise(random: Random, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  random.fill(bytes);
  return bytes;
}

/** Returns many lines at once: short ones, which grow most when they are rendered. */
export function burst(random: Random): Buffer {
  if (random.chance(0.3)) return Buffer.from("x\n".repeat(random.between(10, 4000)));
  return Buffer.concat(Array.from({ length: random.between(2, 60) }, () => chat(random)));
}
