/**
 * The modules without the launcher: `wasmtime run -S preview2=n -S tcplisten=... build/chat.wasm`.
 */
import { describe, expect, test } from "vitest";
import { hasTerminals, startByHand, type HandRun, type Stdin } from "./support/by_hand.js";

const WITHOUT_CONSOLE: Stdin[] = ["/dev/null", "a file", "nothing at all"];
const WITH_CONSOLE: Stdin[] = hasTerminals ? ["a pipe", "a terminal"] : ["a pipe"];

async function chats(run: HandRun): Promise<void> {
  const [ann, ben] = [await run.connect(), await run.connect()];
  await run.shows(/\(2 here\)/);
  ann.say("hello");
  await ben.expectLineLike(/ client-\d+$/);
  await ben.expectBytes("hello\n");
  ann.leave();
  ben.leave();
  await run.shows(/\(0 here\)/);
}

describe.each(WITHOUT_CONSOLE)("the chat, with %s as stdin", (stdin) => {
  test("says that there is no console, and serves", async () => {
    const run = await startByHand("chat", stdin);
    await chats(run);
    expect(run.shown).toContain("console: stdin is neither a terminal nor a pipe; there is none\n");
  });
});

describe.each(WITH_CONSOLE)("the chat, with %s as stdin", (stdin) => {
  test("serves, and has a console", async () => {
    const run = await startByHand("chat", stdin);
    await run.shows(/>>$/);
    await chats(run);
    run.type("who is there?\n");
    await run.shows(/^0 clients, 0 connections\r?$/m);
  });

  test("quit ends it with 0", async () => {
    const run = await startByHand("chat", stdin);
    run.type("quit\n");
    run.endInput();
    expect(await run.exited).toBe(0);
  });
});

test("the chat goes on when its pipe ends", async () => {
  const run = await startByHand("chat", "a pipe");
  run.endInput();
  await run.shows(/console: closed; the server goes on, stop it with a signal$/m);
  await chats(run);
});

test("the chat ends with its pipe, if so asked", async () => {
  const run = await startByHand("chat", "a pipe", ["--stop-at-eof"]);
  run.endInput();
  expect(await run.exited).toBe(0);
});

test.skipIf(!hasTerminals)("the chat goes on after Ctrl-D in a terminal", async () => {
  const run = await startByHand("chat", "a terminal");
  run.type("\x04");
  await run.shows(/console: closed/);
  await chats(run);
});

test.skipIf(!hasTerminals)("a terminal that nobody reads does not stop the chat", async () => {
  const run = await startByHand("chat", "a terminal");
  run.readNoMore();
  const ann = await run.connect();
  for (let round = 0; round < 60; round++) {
    const crowd = await Promise.all(Array.from({ length: 50 }, () => run.connect()));
    for (const client of crowd) client.leave();
    ann.say(`round ${round}`);
    await ann.expectLineLike(/ client-1$/);
    await ann.expectBytes(`round ${round}\n`);
  }
});

describe.each([
  { program: "echo", words: [] },
  { program: "chat-v1", words: [] },
  { program: "chat-v2", words: [] },
  { program: "chat-v3", words: [] },
  { program: "io-models", words: ["nonblocking"] },
  { program: "io-models", words: ["multiplexed"] },
  { program: "io-models", words: ["asynchronous"] },
])("$program $words", ({ program, words }) => {
  async function answers(run: HandRun): Promise<void> {
    const client = await run.connect();
    client.send("hello");
    await client.expectAtLeast("hello".length);
    expect(client.takeAll().toString()).toContain("hello");
  }

  test.each(WITHOUT_CONSOLE)("serves with %s as stdin", async (stdin) => {
    await answers(await startByHand(program, stdin, words));
  });

  test.each(WITH_CONSOLE)(
    "serves with %s as stdin, and quit there ends it with 0",
    async (stdin) => {
      const run = await startByHand(program, stdin, words);
      await answers(run);
      run.type("quit\n");
      run.endInput();
      expect(await run.exited).toBe(0);
    },
  );

  test("goes on when its pipe ends", async () => {
    const run = await startByHand(program, "a pipe", words);
    await answers(run);
    run.endInput();
    for (let count = 0; count < 3; count++) await answers(run);
  });
});
