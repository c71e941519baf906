/**
 * Terminal safety of the chat: no client can send anything that harms another client's terminal.
 */
import { expect, test } from "vitest";
import type { Client } from "./support/client.js";
import { startProgram } from "./support/server.js";

const ESC = "\x1b";

/** Throws if it is not UTF-8. */
function decoded(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

const CONTROLS = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u;

async function pair(): Promise<[Client, Client]> {
  const server = await startProgram("chat", ["--max-line", "16384"]);
  return [await server.join(), await server.join()];
}

/** Returns what the other client gets if the first one sends these bytes. */
async function heardOf([ann, ben]: [Client, Client], bytes: Uint8Array): Promise<string> {
  ann.send(Buffer.concat([bytes, Buffer.from("\nend of it\n")]));
  const heard: string[] = [];
  for (;;) {
    await ben.expectLineLike(/ client-1$/);
    const line = await ben.expectLine();
    if (line === "end of it") return heard.join("\n");
    heard.push(line);
  }
}

test.each([
  ["letters of every size", "a ä € 😀 \u{10ffff}"],
  ["a tab", "a\tb"],
  ["a no-break space and a zero-width joiner", "a\u00a0b 👩\u200d👩\u200d👧"],
  ["letters whose UTF-8 holds bytes of C1 controls", "ÀÛß ě 一 €\u{1f600}"],
  ["the replacement character", "\ufffd"],
  ["right-to-left letters", "שלום مرحبا"],
])("%s passes as it came", async (_what, text) => {
  expect(await heardOf(await pair(), Buffer.from(text))).toBe(text);
});

test.each([
  ["a bell", "a\x07b", "a\u2407b"],
  ["NUL", "a\0b", "a\u2400b"],
  ["a colour", `${ESC}[31mred${ESC}[0m`, "\u241b[31mred\u241b[0m"],
  ["a cleared screen", `${ESC}[2J${ESC}[H`, "\u241b[2J\u241b[H"],
  ["a window title", `${ESC}]0;owned\x07`, "\u241b]0;owned\u2407"],
  ["a link", `${ESC}]8;;http://x/${ESC}\\x`, "\u241b]8;;http://x/\u241b\\x"],
  ["a clipboard", `${ESC}]52;c;eA==${ESC}\\`, "\u241b]52;c;eA==\u241b\\"],
  [
    "a device query",
    `${ESC}[6n${ESC}Zq${ESC}P+q544e${ESC}\\`,
    "\u241b[6n\u241bZq\u241bP+q544e\u241b\\",
  ],
  ["shift out", "\x0e\x0f", "\u240e\u240f"],
  ["C1 as characters: CSI", "\u009b31m", "\ufffd31m"],
  ["C1 as characters: OSC and ST", "\u009d0;x\u009c", "\ufffd0;x\ufffd"],
  ["a next line", "a\u0085b", "a\ufffdb"],
  ["line separators", "a\u2028b\u2029c", "a\ufffdb\ufffdc"],
  ["an override of direction", "\u202egnp.exe", "\ufffdgnp.exe"],
  ["isolates and marks", "\u2066\u2067\u2068\u2069\u200e\u200f\u061c", "\ufffd".repeat(7)],
])("%s is shown, not obeyed", async (_what, sent, expected) => {
  expect(await heardOf(await pair(), Buffer.from(sent))).toBe(expected);
});

test.each([
  ["backspaces", "secret\b\b\b\b\b\bpublic", "public"],
  ["DEL", "ä\x7fb", "b"],
  ["more of them than there are characters", "a\b\b\x7fb", "b"],
])("%s edit the line", async (_what, sent, expected) => {
  expect(await heardOf(await pair(), Buffer.from(sent))).toBe(expected);
});

test.each([
  ["a continuation byte alone", [0x80], 1],
  ["C1 as a byte", [0x9b], 1],
  ["a first byte alone", [0xc3], 1],
  ["an overlong slash", [0xc0, 0xaf], 2],
  ["an overlong NUL", [0xc0, 0x80], 2],
  ["an overlong ESC of three bytes", [0xe0, 0x80, 0x9b], 3],
  ["an overlong ESC of four bytes", [0xf0, 0x80, 0x80, 0x9b], 4],
  ["a surrogate", [0xed, 0xa0, 0x80], 3],
  ["beyond the last character", [0xf4, 0x90, 0x80, 0x80], 4],
  ["a first byte that is none", [0xf8, 0x88, 0x80, 0x80, 0x80], 5],
  ["FE, and FF as telnet sends it", [0xfe, 0xff, 0xff], 2],
  ["a character cut off at the end", [0xf0, 0x9f, 0x98], 3],
])("%s becomes U+FFFD, one for each byte", async (_what, bytes, count) => {
  const sent = Uint8Array.from([0x61, ...bytes]);
  expect(await heardOf(await pair(), sent)).toBe("a" + "\ufffd".repeat(count));
});

test("a character cut off by another leaves the other whole", async () => {
  const sent = Uint8Array.from([0xe2, 0x82, 0x41, 0xf0, 0x9f, 0xe2, 0x82, 0xac]);
  expect(await heardOf(await pair(), sent)).toBe("\ufffd\ufffdA\ufffd\ufffd€");
});

test("characters split over packets survive", async () => {
  const [ann, ben] = await pair();
  for (const byte of Buffer.from("ä€😀\n")) await ann.sendNow(Uint8Array.of(byte));
  await ben.expectSaid("client-1", "ä€😀");
});

test("every single byte, and every pair of bytes that can begin or continue a character, arrives harmless", async () => {
  const both = await pair();
  const risky = [
    0x00, 0x07, 0x1b, 0x41, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf,
  ];
  risky.push(0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff);
  const lines: Buffer[] = [];
  for (let byte = 0; byte < 256; byte++) if (byte !== 0x0a) lines.push(Buffer.of(byte));
  for (const first of risky)
    for (const second of risky)
      for (const third of [0x41, 0x80, 0x9b, 0xbf]) lines.push(Buffer.of(first, second, third));
  // A connection that begins with NUL would be one of another protocol.
  const first = Buffer.from("text|");
  const sent = Buffer.concat([first, ...lines.flatMap((line) => [line, Buffer.from("|")])]);
  const heard = await heardOf(both, sent);
  // A CR ends a line.
  expect(heard.replaceAll(/[\t\n]/g, "")).not.toMatch(CONTROLS);
});

test("noise arrives as UTF-8 without controls", async () => {
  const [ann, ben] = await pair();
  let state = 20261123;
  const random = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16;
  const noise = Uint8Array.from({ length: 200_000 }, () => random() & 0xff);
  ann.send(noise);
  ann.say("\nend of it");
  const heard: Buffer[] = [];
  for (;;) {
    await ben.expectAtLeast(1);
    heard.push(ben.takeAll());
    if (Buffer.concat(heard.slice(-2)).toString().endsWith("end of it\n")) break;
  }
  const text = decoded(Buffer.concat(heard));
  expect(text.replaceAll(/[\t\n]/g, "")).not.toMatch(CONTROLS);
});

test("a client is told nothing but UTF-8 about its own noise too", async () => {
  const [ann] = await pair();
  ann.send(Uint8Array.from([0xfe, 0x1b, 0x5b, 0x0a]));
  await ann.expectSaid("client-1", "\ufffd\u241b[");
});
