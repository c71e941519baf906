/** Telnet: the bytes that real clients send, and what other clients get of them. */
import { expect, test } from "vitest";
import { startProgram } from "./support/server.js";

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex");

/** The commands of three bytes in what a client has heard; no byte of a text is IAC. */
function commandsIn(heard: Buffer): string {
  const starts = [...heard.keys()].filter((at) => heard[at] === 0xff);
  return starts.map((at) => heard.toString("hex", at, at + 3)).join("");
}

interface Recorded {
  client: string;
  sends: readonly string[];
  heard: readonly string[];
  /** Every command that it is answered, in hexadecimal; lines may come between them. */
  answered: string;
}

const RECORDED: readonly Recorded[] = [
  {
    client: "GNU inetutils telnet, a line, Ctrl-C, another line",
    sends: ["68656c6c6f0d0a", "fff4 fffd06", "61667465720d0a"],
    heard: ["hello", "after"],
    answered: "fffb06",
  },
  {
    // It takes the byte 8f of the second character for "abort output".
    client: "GNU inetutils telnet, a Chinese line",
    sends: ["e4bda0 e5b0 fff5 fffd06 e5a5bd 0d0a"],
    heard: ["你\ufffd\ufffd好"],
    answered: "fffb06",
  },
  {
    client: "PuTTY, whose first bytes offer options",
    sends: ["fffb1f fffb20 fffb18 fffb27 fffd01 fffb03 fffd03", "2f6d730a"],
    heard: [],
    answered: "fffe1f fffe20 fffe18 fffe27 fffc01 fffe03 fffc03",
  },
  {
    client: "a client that sends each key, with backspace, CR NUL and a terminal's kind",
    sends: ["68", "78", "08", "fffa1800787465726dfff0", "69", "78", "7f", "0d00", "0d"],
    heard: ["hi"],
    answered: "",
  },
];

for (const style of ["line", "tutorial"]) {
  test.each(RECORDED)(`style ${style}: $client`, async ({ sends, heard, answered }) => {
    for (const isWhole of [true, false]) {
      const server = await startProgram("chat", ["--style", style]);
      const ann = await server.join();
      const ben = await server.join();
      const all = Buffer.concat(sends.map(bytes));
      for (const piece of isWhole ? sends.map(bytes) : [...all].map((one) => Buffer.of(one))) {
        await ann.sendNow(piece);
      }
      ann.send("done\n");
      await ben.expectLineLike(/./);
      await expect.poll(() => ben.heard.toString()).toContain("done");
      await expect.poll(() => ann.heard.toString()).toContain("done");
      const text = ben.heard.toString();
      for (const line of heard) expect(text).toContain(line);
      expect(text).not.toMatch(/[\u2400\u2408\u2421]|xterm/);
      if (heard.length === 0) expect(text).not.toContain("\ufffd");
      await expect.poll(() => commandsIn(ann.heard)).toEqual(bytes(answered).toString("hex"));
    }
  });
}

test.each([
  ["Latin-1", "636166fffe0a"],
  ["a byte order mark of UTF-16", "fffe"],
  ["a subnegotiation without an end", "fffa180a"],
  ["WILL and a slash", "fffb"],
])("%s before a command takes nothing of it away", async (_what, before) => {
  const server = await startProgram("chat", ["--style", "line"]);
  const [ann, ben, eve] = [await server.join(), await server.join(), await server.join()];
  await ann.sendNow(Buffer.concat([bytes(before), Buffer.from("/msg client-2 secret\n")]));
  ann.send("done\n");
  await expect.poll(() => ben.heard.toString()).toContain("[client-1 -> you] secret\n");
  await expect.poll(() => eve.heard.toString()).toContain("done");
  expect(eve.heard.toString()).not.toContain("secret");
});

test("an option is refused once, however often it is asked for", async () => {
  const server = await startProgram("chat");
  const ann = await server.join();
  for (let i = 0; i < 20; i++) await ann.sendNow(bytes("fffd01 fffb18 fffe01 fffc18"));
  ann.send("done\n");
  await expect.poll(() => ann.heard.toString()).toContain("done");
  const heard = ann.heard;
  expect(heard.indexOf(bytes("fffc01"))).toBe(heard.lastIndexOf(bytes("fffc01")));
  expect(heard.filter((byte) => byte === 0xff).length).toBe(2);
});

test("are you there is answered", async () => {
  const server = await startProgram("chat", ["--style", "line"]);
  const ann = await server.join();
  ann.send(bytes("fff6"));
  await expect.poll(() => ann.heard.toString()).toContain("* yes, the server is here\n");
});
