/**
 * Harmful terminal sequences in everything that the chat shows: broadcasts in each style, names,
 * rooms, topics, private messages, answers, the console, the log and the history. None of them
 * arrives unchanged.
 */
import { expect, test } from "vitest";
import type { Client } from "./support/client.js";
import { startProgram, type Server } from "./support/server.js";

const CORPUS: readonly (readonly [string, string | readonly number[]])[] = [
  ["C0", [...Array(32).keys()].filter((code) => code !== 0x0a)],
  ["a carriage return, which ends a line", "!\rb"],
  ["DEL, which removes what stands before it", "!b\x7f"],
  ["C1 in UTF-8", [0x80, 0x84, 0x85, 0x90, 0x9b, 0x9c, 0x9d, 0x9f].flatMap((one) => [0xc2, one])],
  ["C1 raw", [0x9b, 0x33, 0x31, 0x6d, 0x9d, 0x30, 0x3b, 0x78, 0x9c, 0x90, 0x85]],
  ["CSI: colour, clear, cursor", "\x1b[31m\x1b[2J\x1b[1;1H\x1b[?1049h\x1b[6n"],
  ["OSC 0: the title", "\x1b]0;evil\x07"],
  ["OSC 8: a link", "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\"],
  ["OSC 52: the clipboard", "\x1b]52;c;ZXZpbA==\x07"],
  ["OSC 1337 and 777", "\x1b]1337;File=:AA==\x07\x1b]777;notify;a;b\x07"],
  ["DCS, SOS, PM, APC", "\x1bP1$r0m\x1b\\\x1bXa\x1b\\\x1b^b\x1b\\\x1b_c\x1b\\"],
  ["resets and character sets", "\x1bc\x1b(0\x1b%@\x1b#8\x0e\x0f"],
  ["an escape that is cut off", "\x1b["],
  [
    "bidirectional controls",
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
  ],
  ["separators of lines", "\u2028\u2029\u0085"],
  ["zero width, and a byte order mark", "\u200b\u2060\ufeff\u180e"],
  ["operators and formats that nobody sees", "\u2061\u2062\u2063\u2064\u206a\u206b\u206f"],
  ["annotations", "\ufff9a\ufffab\ufffb"],
  ["tags", "\u{e0001}\u{e0065}\u{e0076}\u{e007f}"],
  ["overlong ESC", [0xc0, 0x9b, 0xe0, 0x80, 0x9b, 0xf0, 0x80, 0x80, 0x9b]],
  ["surrogates", [0xed, 0xa0, 0x9b, 0xed, 0xbf, 0xbf]],
  ["beyond the last character", [0xf4, 0x90, 0x80, 0x80, 0xf8, 0x88, 0x80, 0x80, 0x80]],
  ["cut off, then ESC", [0xe2, 0x82, 0x1b, 0x5b, 0x41, 0xf0, 0x9f, 0x1b]],
  ["FE, FF and continuation bytes", [0xfe, 0xff, 0xbf, 0x80]],
  ["IAC of telnet", [0xff, 0xfb, 0x01, 0xff, 0xf4]],
];

/** Characters that no terminal may receive, except line ends and tabs. */
const ALIVE =
  /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/** Each piece of the corpus between words by which it is found again. */
const PIECES = CORPUS.map(([what, bytes], index) => ({
  what,
  bytes: Buffer.concat([
    Buffer.from(`m${index}x`),
    Buffer.from(bytes as string),
    Buffer.from(`x${index}w`),
  ]),
}));

/** All that can be typed with words of one's own. */
const TYPED = [
  ...[
    "",
    "//",
    "/me ",
    "/topic ",
    "/nick ",
    "/join ",
    "/msg client-2 ",
    "/msg ",
    "/away ",
    "/ping ",
  ],
  ...["/", "/help ", "/style ", "/whois ", "/who ", "/ignore ", "/history ", "/history since "],
];
/** The same at the console. */
const OPERATED = [
  ...["", "say ", "kick client-9 ", "kick ", "ban ", "ban 192.0.2.9 1h ", "mute ", "unban "],
  ...["set ", "set rate ", "drain ", "bans ", "clients ", "stats "],
];

function isHarmless(bytes: Uint8Array, where: string): string {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const alive = ALIVE.exec(text.replaceAll(/[\n\t]/g, ""));
  const found =
    alive === null ? "" : JSON.stringify(alive.input.slice(alive.index - 20).slice(0, 40));
  expect(found, where).toBe("");
  return text;
}

/** Answers to a client that speaks telnet: IAC, WILL to DONT, and an option. */
// eslint-disable-next-line no-control-regex
const TELNET_ANSWERS = /\xff[\xfb-\xfe][\x00-\xff]/g;

/** All that a client has been sent by now, but for answers to telnet. */
async function allOf(client: Client): Promise<Buffer> {
  const heard: Buffer[] = [];
  client.say("/ping the-end");
  for (;;) {
    await client.expectAtLeast(1);
    heard.push(client.takeAll());
    const all = Buffer.concat(heard);
    if (!all.includes("the-end")) continue;
    return Buffer.from(all.toString("latin1").replace(TELNET_ANSWERS, ""), "latin1");
  }
}

async function joins(server: Server, style: string): Promise<Client> {
  const client = await server.connect();
  await client.expectLineLike(/^\* you are /);
  client.say(`/style ${style}`);
  await client.expectLineLike(/style is line|"welcome"/);
  return client;
}

test.each(["text", "json"])("none of it arrives alive; the log is %s", async (format) => {
  const server = await startProgram("chat", [
    ...[
      "--style",
      "line",
      "--rate",
      "0",
      "--room-rate",
      "0",
      "--history",
      "10000",
      "--replay",
      "1000",
    ],
    ...["--hard-limit", "4194304", "--log-format", format],
  ]);
  const [ann, ben, bot] = [
    await joins(server, "line"),
    await joins(server, "line"),
    await joins(server, "json"),
  ];
  for (const { bytes } of PIECES)
    for (const typed of TYPED)
      ann.send(Buffer.concat([Buffer.from(typed), bytes, Buffer.of(0x0a)]));
  await ann.sendNow("");
  const toAnn = await allOf(ann);
  for (const { bytes } of PIECES) {
    ben.send(Buffer.concat([Buffer.from("/reply "), bytes, Buffer.of(0x0a)]));
    ben.send(Buffer.concat([Buffer.from("/msg client-1 "), bytes, Buffer.of(0x0a)]));
    for (const typed of OPERATED) server.console(Buffer.concat([Buffer.from(typed), bytes]));
  }
  const toBen = await allOf(ben);
  const toBot = await allOf(bot);
  const late = await server.connect();
  late.say("/history 10000\n/topic\n/rooms\n/whois client-1\n/msg client-1 hello");
  const toLate = await allOf(late);
  server.console("bans");
  server.console("closed");
  server.console("rooms");
  server.console("the end");
  await server.prints(/connections\n[^]*selector/);
  server.console("quit");
  await server.exited;
  const outputs = {
    "the speaker": toAnn,
    "another, as text": toBen,
    "another, as objects": toBot,
    "a newcomer": toLate,
    "the console": Buffer.from(server.stdout),
    "the log": Buffer.from(server.stderr),
  };
  for (const [where, bytes] of Object.entries(outputs)) {
    const text = isHarmless(bytes, where);
    if (where === "the log") continue;
    PIECES.forEach(({ what }, index) =>
      expect(text, `${what}, to ${where}`).toContain(`m${index}x`),
    );
  }
  for (const line of toBot.toString().trimEnd().split("\n"))
    if (line.startsWith("{")) expect(() => void JSON.parse(line)).not.toThrow();
});

test("nor in the tutorial's style", async () => {
  const server = await startProgram("chat");
  const [ann, ben] = [await server.join(), await server.join()];
  for (const { bytes } of PIECES) ann.send(Buffer.concat([bytes, Buffer.of(0x0a)]));
  ann.say("the-end");
  const heard: Buffer[] = [];
  while (!Buffer.concat(heard).includes("the-end")) {
    await ben.expectAtLeast(1);
    heard.push(ben.takeAll());
  }
  const text = isHarmless(Buffer.concat(heard), "another");
  PIECES.forEach(({ what }, index) => expect(text, what).toContain(`m${index}x`));
});
