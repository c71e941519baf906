/**
 * Line framing of the chat: where a line begins and ends in any chunks of input, and its length
 * limit.
 */
import { describe, expect, test } from "vitest";
import type { Client } from "./support/client.js";
import { startProgram } from "./support/server.js";

async function pair(...args: string[]): Promise<[Client, Client]> {
  const server = await startProgram("chat", args);
  return [await server.join(), await server.join()];
}

async function bothHear([ann, ben]: [Client, Client], ...lines: string[]): Promise<void> {
  for (const client of [ann, ben])
    for (const line of lines) await client.expectSaid("client-1", line);
}

test("a line that comes byte by byte is one line", async () => {
  const both = await pair();
  for (const byte of Buffer.from("slow: ä€😀\n")) await both[0].sendNow(Uint8Array.of(byte));
  await bothHear(both, "slow: ä€😀");
});

test("many lines in one write are many lines", async () => {
  const both = await pair();
  const lines = Array.from({ length: 500 }, (_, number) => `line ${number}`);
  both[0].send(lines.join("\n") + "\n");
  await bothHear(both, ...lines);
});

test("lines cut anywhere come together again", async () => {
  const both = await pair();
  const lines = Array.from({ length: 60 }, (_, number) => `${number} ${"ab".repeat(number)}`);
  const bytes = Buffer.from(lines.join("\n") + "\n");
  for (let at = 0; at < bytes.length; at += 37) await both[0].sendNow(bytes.subarray(at, at + 37));
  await bothHear(both, ...lines);
});

describe("a line's end", () => {
  test("is LF, or CR LF", async () => {
    const both = await pair();
    both[0].send("unix\nnetwork\r\n");
    await bothHear(both, "unix", "network");
  });

  test("is CR LF also when they come apart", async () => {
    const both = await pair();
    await both[0].sendNow("network\r");
    await both[0].sendNow("\n");
    await bothHear(both, "network");
  });

  test("is a CR alone, at once, or CR NUL as telnet has it", async () => {
    const both = await pair();
    await both[0].sendNow("one\r");
    await bothHear(both, "one");
    await both[0].sendNow("two\r");
    await both[0].sendNow("\0three\r\0");
    await bothHear(both, "two", "three");
  });
});

test("an empty line is nothing", async () => {
  const both = await pair();
  both[0].send("\n\r\n\n");
  both[0].say("something");
  await bothHear(both, "something");
});

describe("--max-line 16", () => {
  const fits = "0123456789abcdef";
  const told = "* a line may have 16 bytes: yours was longer and was not sent\n";

  test.each([
    { ending: "LF", end: "\n" },
    { ending: "CR LF", end: "\r\n" },
  ])("16 bytes and $ending are a line", async ({ end }) => {
    const both = await pair("--max-line", "16");
    both[0].send(fits + end);
    await bothHear(both, fits);
  });

  test.each([
    { ending: "LF", end: "\n" },
    { ending: "CR LF", end: "\r\n" },
  ])("17 bytes and $ending are not: the sender alone is told, and goes on", async ({ end }) => {
    const both = await pair("--max-line", "16");
    both[0].send(`${fits}g${end}`);
    await both[0].expectBytes(told);
    both[0].say("next");
    await bothHear(both, "next");
  });

  test("17 bytes in single packets are not", async () => {
    const both = await pair("--max-line", "16");
    for (const byte of Buffer.from(`${fits}g\n`)) await both[0].sendNow(Uint8Array.of(byte));
    await both[0].expectBytes(told);
    both[0].say("next");
    await bothHear(both, "next");
  });

  test("it is told in its place among the lines, for each line once", async () => {
    const both = await pair("--max-line", "16");
    both[0].send(`one\n${fits}${fits}\ntwo\n${fits}${fits}${fits}\nthree\n`);
    await both[0].expectSaid("client-1", "one");
    await both[0].expectBytes(told);
    await both[0].expectSaid("client-1", "two");
    await both[0].expectBytes(told);
    await both[0].expectSaid("client-1", "three");
    for (const line of ["one", "two", "three"]) await both[1].expectSaid("client-1", line);
  });

  test("an unfinished line that is too long is told before it ends, and at the end nothing is left", async () => {
    const both = await pair("--max-line", "16");
    both[0].send(`${fits}${fits}`);
    await both[0].expectBytes(told);
    both[0].halfClose("rest");
    await both[0].expectEnd();
    both[1].say("nobody heard");
    await both[1].expectSaid("client-2", "nobody heard");
  });
});

test.each([16, 4096, 16_384])(
  "--max-line %i holds for what is threefold when made safe",
  async (limit) => {
    const both = await pair("--max-line", String(limit));
    // Each of these bytes becomes a character of three.
    both[0].send(`${"\x07".repeat(limit)}\n`);
    await bothHear(both, "\u2407".repeat(limit));
  },
);

test("a million bytes without a newline cost no memory, and the next line works", async () => {
  // 60 MB, from clients at the same time, in a module that may have 16.
  const server = await startProgram("chat", [], { maxMemoryBytes: 16 * 1024 * 1024 });
  const listener = await server.join();
  const noise = Buffer.alloc(1024 * 1024, "x");
  const noisy = await server.joinAll(60);
  for (const client of noisy) client.send(noise);
  for (const client of noisy)
    await client.expectBytes("* a line may have 4096 bytes: yours was longer and was not sent\n");
  for (const client of noisy) client.send("\n");
  noisy[0]?.say("sorry");
  await listener.expectLineLike(/ client-\d+$/);
  expect(await listener.expectLine()).toBe("sorry");
});
